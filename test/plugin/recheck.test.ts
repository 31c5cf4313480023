import t from 'tap'
import { connect, kinds } from './client.ts'
import { createGate } from './gate.ts'
import { refused } from './refused.ts'
import { serve } from './server.ts'

const identify = (request: { headers: Record<string, unknown> }): string | undefined => request.headers['user'] as string | undefined

for (const kind of kinds) {
  t.test(`over ${kind}`, async (t) => {
    t.test('memberships that canJoin refuses now are dropped, and told', async (t) => {
      const allowed = new Set(['1:a', '1:b', '2:a'])
      const { app, url } = await serve(t, { identify, canJoin: async ({ user, group }) => allowed.has(`${user}:${group}`) })
      const one = await connect(t, kind, url, { headers: { user: '1' }, groups: ['a', 'b'] })
      const two = await connect(t, kind, url, { headers: { user: '2' }, groups: ['a'] })
      allowed.delete('1:a')
      await app.realtime.recheck()
      await app.realtime.toGroup(['a', 'b']).send('hello', {})
      await app.realtime.broadcast().send('done', {})
      await Promise.all([one.until('done'), two.until('done')])
      t.strictSame(one.of('realtime:left'), [{ event: 'realtime:left', data: { group: 'a', reason: 'revoked' } }])
      t.strictSame(one.of('hello').map(({ group }) => group), ['b'])
      t.strictSame(two.of('realtime:left'), [])
      t.equal(two.of('hello').length, 1)
    })

    t.test('a user or a group may be singled out', async (t) => {
      let isOpen = true
      const { app, url } = await serve(t, { identify, canJoin: () => isOpen })
      await connect(t, kind, url, { headers: { user: '1' }, groups: ['a', 'b'] })
      await connect(t, kind, url, { headers: { user: '2' }, groups: ['a', 'b'] })
      isOpen = false
      const sizes = (): number[] => [app.realtime.groupSize('a'), app.realtime.groupSize('b')]
      await app.realtime.recheck({ user: 1, group: 'a' })
      t.strictSame(sizes(), [1, 2])
      await app.realtime.recheck({ group: 'b' })
      t.strictSame(sizes(), [1, 0])
      await app.realtime.recheck({ user: '2' })
      t.strictSame(sizes(), [0, 0])
    })

    t.test('a join that was being checked meanwhile is asked about once more', async (t) => {
      for (const isAllowed of [true, false]) {
        const gate = createGate<boolean>()
        let asked = 0
        const { app, url } = await serve(t, { identify, canJoin: () => asked++ === 0 ? gate.hold() : isAllowed })
        const client = await connect(t, kind, url, { headers: { user: '1' } })
        const joining = client.command({ ref: 1, type: 'subscribe', group: 'a' })
        await gate.held
        await app.realtime.recheck({ group: 'a' })
        gate.open(true)
        t.match(await joining, { ok: true })
        t.match(await client.until(isAllowed ? 'realtime:joined' : 'realtime:left'), { data: isAllowed ? { group: 'a' } : { group: 'a', reason: 'revoked' } })
        t.equal(app.realtime.groupSize('a'), isAllowed ? 1 : 0)
        t.equal(asked, 2)
      }
    })

    t.test('so is a handshake', async (t) => {
      const gate = createGate<boolean>()
      let asked = 0
      const { app, url } = await serve(t, { identify, canJoin: () => asked++ === 0 ? gate.hold() : false })
      const refusal = refused(kind, url, '?groups=a', { user: '1' })
      await gate.held
      await app.realtime.recheck()
      gate.open(true)
      t.match(await refusal, { status: 403, body: { refused: ['a'] } })
    })

    t.test('a check that fails drops, and concerns nobody else', async (t) => {
      let fails = false
      const { app, url } = await serve(t, {
        identify,
        limits: { hookTimeout: 20 },
        canJoin: async ({ user }) => {
          if (fails && user === '1') throw new Error('no')
          return fails && user === '2' ? await new Promise(() => {}) : true
        }
      })
      for (const user of ['1', '2', '3']) await connect(t, kind, url, { headers: { user }, groups: ['a'] })
      fails = true
      await app.realtime.recheck()
      t.strictSame((await app.realtime.connections({ group: 'a' })).map(({ user }) => user), ['3'])
    })
  })
}

t.test('what the server granted is not asked about', async (t) => {
  let asked = 0
  let isOpen = true
  const { app, url } = await serve(t, {
    canJoin: () => {
      asked++
      return isOpen
    }
  })
  const client = await connect(t, 'ws', url, { groups: ['asked', 'both'] })
  await app.realtime.join(client.connection, 'granted')
  await app.realtime.join(client.connection, 'both')
  isOpen = false
  asked = 0
  await app.realtime.recheck()
  t.equal(asked, 1)
  t.strictSame((await app.realtime.connections())[0]!.groups.map(({ group }) => group).sort(), ['both', 'granted'])
})

t.test('recheckInterval does so by itself', async (t) => {
  let isOpen = true
  const { url } = await serve(t, { canJoin: () => isOpen, recheckInterval: 10 })
  const client = await connect(t, 'ws', url, { groups: ['a'] })
  isOpen = false
  t.match(await client.until('realtime:left'), { data: { group: 'a', reason: 'revoked' } })
})

t.test('without it memberships last', async (t) => {
  let asked = 0
  const { url } = await serve(t, { canJoin: () => ++asked > 0, heartbeat: 10 })
  const client = await connect(t, 'ws', url, { groups: ['a'] })
  await client.until('realtime:tick')
  t.equal(asked, 1)
})

t.test('names that cannot be are refused', async (t) => {
  const { app } = await serve(t)
  await t.rejects(app.realtime.recheck({ group: '@all' }), { code: 'FST_REALTIME_BAD_GROUP' })
  await t.rejects(app.realtime.recheck({ user: '' }), { code: 'FST_REALTIME_BAD_USER' })
})
