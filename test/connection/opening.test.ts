import t from 'tap'
import { readEvents } from '../order/events.ts'
import { MemoryLine } from './memory-line.ts'
import { draft, MemoryNode } from './memory-node.ts'

t.test('realtime:open names the groups and carries the position', async (t) => {
  const node = new MemoryNode()
  node.publish(draft('a', 1))
  await node.hub.boundary()
  const line = new MemoryLine()
  const { id, token } = node.connect(line, { user: 'u', groups: ['a', 'b'] })
  t.same(readEvents('event', line.bytes), [{
    id: '7-1',
    event: 'realtime:open',
    group: undefined,
    data: { connection: id, token, user: 'u', groups: ['a', 'b'], refused: [], resumed: false, heartbeat: 15_000 }
  }])
  t.same(['@all', '@user:u', 'a', 'b'].map((group) => node.hub.groupSize(group)), [1, 1, 1, 1])
})

t.test('one who comes within a fan-out is opened after it', async (t) => {
  const node = new MemoryNode()
  const line = new MemoryLine()
  node.publish(draft('a', 1))
  const connection = node.connect(line, { groups: ['a'] })
  t.equal(connection.state, 'opening')
  t.same(line.writes, [])
  await node.hub.boundary()
  t.match(readEvents('event', line.bytes), [{ id: '7-1', event: 'realtime:open' }])
})

t.test('a cursor that cannot be honoured is answered by a gap for each group, and then by a position', async (t) => {
  const node = new MemoryNode()
  node.publish(draft('a', 1))
  await node.hub.boundary()
  for (const { after, reason } of [
    { after: '7-0', reason: 'expired' },
    { after: '7-2', reason: 'ahead' },
    { after: '6-9', reason: 'generation' },
    { after: 'x', reason: 'malformed' },
    { after: '', reason: 'malformed' }
  ]) {
    const line = new MemoryLine()
    node.connect(line, { groups: ['a'], after })
    const [open, ...rest] = readEvents('event', line.bytes)
    t.equal(open!.id, undefined, after)
    t.same(rest.map(({ event, id, data }) => [event, id, data]), [
      ['realtime:gap', undefined, { group: '@all', reason }],
      ['realtime:gap', undefined, { group: 'a', reason }],
      ['realtime:tick', '7-1', {}]
    ], after)
  }
})

t.test('what is revoked before it is opened is refused', async (t) => {
  const node = new MemoryNode()
  const line = new MemoryLine()
  node.publish(draft('a', 1))
  node.connect(line, { user: 'u', groups: ['a', 'b'] })
  node.context.revocations.note({ user: 'u', group: 'a' })
  await node.hub.boundary()
  t.match(readEvents('event', line.bytes), [{ data: { groups: ['b'], refused: ['a'] } }])
  t.equal(node.hub.groupSize('a'), 0)
})

t.test('one who is revoked altogether is closed unopened', async (t) => {
  const node = new MemoryNode()
  const line = new MemoryLine()
  node.publish(draft('a', 1))
  node.connect(line, { user: 'u', groups: ['a'] })
  node.context.revocations.note({ user: 'u' })
  await node.hub.boundary()
  t.same(readEvents('event', line.bytes).map(({ event }) => event), ['realtime:close'])
  t.same(line.ended, { code: 4403, reason: 'revoked' })
  line.cut()
})

t.test('one whose line is gone before it is opened is in no group, and was never there', async (t) => {
  const node = new MemoryNode()
  const line = new MemoryLine()
  const told: string[] = []
  node.context.observers.onConnect(() => { told.push('connect') })
  node.context.observers.onDisconnect(() => { told.push('disconnect') })
  node.publish(draft('a', 1))
  node.connect(line, { groups: ['a'] })
  line.cut()
  await node.hub.boundary()
  t.equal(node.hub.groupCount, 0)
  t.equal(node.context.registry.size, 0)
  t.same(told, [])
})
