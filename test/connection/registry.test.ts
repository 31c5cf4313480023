import fc from 'fast-check'
import t from 'tap'
import { Registry } from '../../lib/connection/registry.ts'
import type { Seat } from '../../lib/connection/seat.ts'
import { MemoryLine } from './memory-line.ts'
import { defaults, MemoryNode } from './memory-node.ts'

const limits = { ...defaults, maxConnections: 5, maxConnectionsPerUser: 2, maxConnectionsPerAddress: 3 }
const full = { code: 'FST_REALTIME_OVER_CAPACITY', retryAfter: 5 }

t.test('there are as many seats as connections', async (t) => {
  const registry = new Registry({ ...defaults, maxConnections: 2 })
  registry.seat(null, '::1')
  registry.checkRoom()
  registry.seat('u', '::1')
  t.throws(() => { registry.checkRoom() }, full)
  t.throws(() => registry.seat(null, '::1'), full)
})

t.test('a user has a share, the anonymous have none', async (t) => {
  const registry = new Registry({ ...defaults, maxConnectionsPerUser: 1 })
  registry.seat('u', '::1')
  t.throws(() => registry.seat('u', '::2'), { code: 'FST_REALTIME_TOO_MANY_CONNECTIONS', message: /maxConnectionsPerUser/, retryAfter: 5 })
  registry.seat('v', '::1')
  registry.seat(null, '::1')
  registry.seat(null, '::1')
})

t.test('an address has a share where there is a limit', async (t) => {
  const registry = new Registry({ ...defaults, maxConnectionsPerAddress: 1 })
  registry.seat('u', '::1')
  t.throws(() => registry.seat('v', '::1'), { code: 'FST_REALTIME_TOO_MANY_CONNECTIONS', message: /maxConnectionsPerAddress/ })
  registry.seat('v', '::2')
})

t.test('whoever comes, goes and is refused, the seats taken are those not released', async (t) => {
  const step = fc.oneof(
    fc.record({ user: fc.constantFrom('u', 'v', '__proto__', null), address: fc.constantFrom('1', '2') }),
    fc.record({ release: fc.nat(9) })
  )
  fc.assert(fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
    const registry = new Registry(limits)
    const given: Seat[] = []
    const taken = (fits: (seat: Seat) => boolean): number => given.filter((seat) => !seat.released && fits(seat)).length
    for (const step of steps) {
      if ('release' in step) {
        if (given.length > 0) registry.release(given[step.release % given.length]!)
        continue
      }
      const { user, address } = step
      const hasRoom = taken(() => true) < 5 && (user === null || taken((seat) => seat.user === user) < 2) && taken((seat) => seat.address === address) < 3
      let seat: Seat | undefined
      try {
        seat = registry.seat(user, address)
        given.push(seat)
      } catch {}
      if (hasRoom !== (seat !== undefined)) return false
    }
    return true
  }), { numRuns: 500 })
  t.pass()
})

t.test('a connection is found by its id and its user until its line is gone, and then its seat is free', async (t) => {
  const node = new MemoryNode({ limits: { maxConnections: 1 } })
  const { registry } = node.context
  const line = new MemoryLine()
  const connection = node.connect(line, { user: 'u' })
  t.equal(registry.size, 1)
  t.equal(registry.get(connection.id), connection)
  t.same([...registry.ofUser('u')], [connection])
  t.same([...registry], [connection])
  t.throws(() => { registry.checkRoom() }, full)
  line.cut()
  t.equal(registry.size, 0)
  t.equal(registry.get(connection.id), undefined)
  t.same([...registry.ofUser('u')], [])
  registry.checkRoom()
})
