import t from 'tap'
import { connect, dial, kinds } from './client.ts'
import { createGate } from './gate.ts'
import { refused } from './refused.ts'
import { serve } from './server.ts'

const identify = (request: { headers: Record<string, unknown> }): string | undefined => request.headers['user'] as string | undefined
const canJoin = (): boolean => true

for (const kind of kinds) {
  const code = kind === 'ws' ? 4403 : undefined

  t.test(`over ${kind}`, async (t) => {
    t.test('a group: its members hear why, and nothing of the group after it resolves', async (t) => {
      const { app, url } = await serve(t, { canJoin })
      const client = await connect(t, kind, url, { groups: ['a', 'b'] })
      await app.realtime.revoke({ group: 'a' })
      t.equal(app.realtime.groupSize('a'), 0)
      await app.realtime.toGroup(['a', 'b']).send('hello', {})
      await app.realtime.broadcast().send('done', {})
      await client.until('done')
      t.strictSame(client.of('realtime:left'), [{ event: 'realtime:left', data: { group: 'a', reason: 'revoked' } }])
      t.match(client.of('hello'), [{ group: 'b' }])
      t.equal(client.of('hello').length, 1)
    })

    t.test('a user: every connection is closed, and told why', async (t) => {
      const { app, url } = await serve(t, { identify })
      const tabs = [await connect(t, kind, url, { headers: { user: '1' } }), await connect(t, kind, url, { headers: { user: '1' } })]
      const other = await connect(t, kind, url, { headers: { user: '2' } })
      await app.realtime.revoke({ user: 1 })
      await app.realtime.broadcast().send('done', {})
      for (const tab of tabs) {
        t.strictSame(await tab.ended, { code, reason: kind === 'ws' ? 'revoked' : 'ended' })
        t.match(tab.messages.at(-1), { event: 'realtime:close', data: { reason: 'revoked', retry: false, delay: 0 } })
      }
      await other.until('done')
    })

    t.test('a connection, by id and as the app has it', async (t) => {
      const { app, url } = await serve(t, { identify })
      const clients = [await connect(t, kind, url, { headers: { user: '1' } }), await connect(t, kind, url, { headers: { user: '1' } })]
      const [first] = await app.realtime.connections({ user: 1 })
      await app.realtime.revoke({ connection: first!.id })
      t.equal((await clients.find(({ connection }) => connection === first!.id)!.ended).code, code)
      const seen = new Promise<void>((resolve, reject) => {
        app.realtime.onConnect((connection) => { app.realtime.revoke({ connection }).then(resolve, reject) })
      })
      const third = await connect(t, kind, url)
      await seen
      t.equal((await third.ended).code, code)
      t.notOk(clients.find(({ connection }) => connection !== first!.id)!.of('realtime:close').length)
    })

    t.test('several at once: what all of them have in common', async (t) => {
      const { app, url } = await serve(t, { identify, canJoin })
      const one = await connect(t, kind, url, { headers: { user: '1' }, groups: ['a', 'b'] })
      const two = await connect(t, kind, url, { headers: { user: '1' }, groups: ['a'] })
      const other = await connect(t, kind, url, { headers: { user: '2' }, groups: ['a'] })
      const { realtime } = app
      await realtime.revoke({ user: '2', connection: one.connection })
      await realtime.revoke({ user: '1', group: 'c' })
      t.equal(realtime.groupSize('a'), 3)
      await realtime.revoke({ user: 1, connection: one.connection, group: 'a' })
      t.equal(realtime.groupSize('a'), 2)
      await realtime.revoke({ user: 1, group: 'a' })
      t.equal(realtime.groupSize('a'), 1)
      await realtime.broadcast().send('done', {})
      await Promise.all([one, two, other].map(async (client) => await client.until('done')))
      t.strictSame([one, two, other].map((client) => client.of('realtime:left').length), [1, 1, 0])
    })

    t.test('while messages go on all the time, nothing is written after it resolves', async (t) => {
      const { app, url } = await serve(t, { identify, canJoin })
      const [left, closed, witness] = [
        await connect(t, kind, url, { groups: ['a'] }),
        await connect(t, kind, url, { groups: ['a'], headers: { user: '1' } }),
        await connect(t, kind, url, { groups: ['a'], headers: { user: '2' } })
      ]
      let revoked = false
      const isOver = new AbortController()
      const publishing = (async () => {
        for (let n = 0; !isOver.signal.aborted; n++) {
          app.realtime.toGroup('a').send(revoked ? 'late' : 'early', n)
          if (n % 3 === 0) await new Promise(setImmediate)
        }
      })()
      await witness.until('early')
      await Promise.all([app.realtime.revoke({ connection: left.connection, group: 'a' }), app.realtime.revoke({ user: 1 })])
      revoked = true
      await witness.until('late')
      isOver.abort()
      await publishing
      await app.realtime.broadcast().send('done', {})
      await Promise.all([left.until('done'), closed.ended])
      t.strictSame([...left.of('late'), ...closed.of('late')], [])
      t.equal(left.messages.findIndex(({ event }) => event === 'realtime:left') > left.messages.findLastIndex(({ event }) => event === 'early'), true)
    })

    t.test('a join that was being checked meanwhile does not come about', async (t) => {
      const gates = { a: createGate<boolean>(), b: createGate<boolean>(), c: createGate<boolean>() }
      const { app, url } = await serve(t, { identify, canJoin: ({ group }) => gates[group as 'a'].hold() })
      const client = await connect(t, kind, url, { headers: { user: '1' } })
      const joins = (['a', 'b', 'c'] as const).map(async (group, ref) => await client.command({ ref, type: 'subscribe', group }))
      await Promise.all(Object.values(gates).map(async ({ held }) => await held))
      await app.realtime.revoke({ group: 'a' })
      await app.realtime.revoke({ user: 1, group: 'b' })
      await app.realtime.revoke({ user: 2, group: 'c' })
      for (const { open } of Object.values(gates)) open(true)
      t.match(await Promise.all(joins), [{ ok: false, error: { code: 'FST_REALTIME_FORBIDDEN' } }, { ok: false, error: { code: 'FST_REALTIME_FORBIDDEN' } }, { ok: true }])
      await client.until('realtime:joined')
      t.strictSame(['a', 'b', 'c'].map((group) => app.realtime.groupSize(group)), [0, 0, 1])
    })

    t.test('a handshake that was being checked meanwhile is refused', async (t) => {
      for (const [what, query] of [[{ user: 1 }, '?partial=1&groups=a,b'], [{ user: 1, group: 'a' }, '?groups=a,b'], [{ group: 'a' }, '?groups=a,b']] as const) {
        const gate = createGate<boolean>()
        const { app, url } = await serve(t, { identify, canJoin: () => gate.hold() })
        const refusal = refused(kind, url, query, { user: '1' })
        await gate.held
        await app.realtime.revoke(what)
        gate.open(true)
        t.match(await refusal, { status: 403, body: { code: 'FST_REALTIME_FORBIDDEN', refused: 'group' in what ? ['a'] : undefined } })
        t.equal(app.realtime.connectionCount, 0)
      }
    })

    t.test('a handshake that takes part of what it asked for joins less', async (t) => {
      for (const what of [{ user: 1, group: 'a' }, { group: 'a' }, { user: 2 }]) {
        const gate = createGate<boolean>()
        const { app, url } = await serve(t, { identify, canJoin: () => gate.hold() })
        const client = dial(t, kind, url, { headers: { user: '1' }, groups: ['a', 'b'], query: { partial: '1' } })
        await gate.held
        await app.realtime.revoke(what)
        gate.open(true)
        const isRevoked = 'group' in what
        t.match(await client.until('realtime:open'), { data: { groups: isRevoked ? ['b'] : ['a', 'b'], refused: isRevoked ? ['a'] : [] } })
      }
    })
  })
}

t.test('what was sent before still arrives', async (t) => {
  const { app, url } = await serve(t, { identify, canJoin })
  const client = await connect(t, 'ws', url, { headers: { user: '1' }, groups: ['a'] })
  app.realtime.toGroup('a').send('closing', {})
  await app.realtime.revoke({ group: 'a' })
  app.realtime.toUser(1).send('banned', {})
  await app.realtime.revoke({ user: 1 })
  await client.ended
  t.strictSame(client.messages.slice(1).map(({ event }) => event), ['closing', 'realtime:left', 'banned', 'realtime:close'])
})

t.test('one who was put in by the server can be put out', async (t) => {
  const { app, url } = await serve(t)
  const client = await connect(t, 'ws', url)
  await app.realtime.join(client.connection, 'private')
  await app.realtime.revoke({ group: 'private' })
  t.match(await client.until('realtime:left'), { data: { group: 'private', reason: 'revoked' } })
})

t.test('coming back is up to the policy: a revocation is not a ban', async (t) => {
  const { app, url } = await serve(t, { identify })
  const client = await connect(t, 'ws', url, { headers: { user: '1' } })
  await app.realtime.revoke({ user: 1 })
  await client.ended
  await connect(t, 'ws', url, { headers: { user: '1' } })
})

t.test('revoking nothing, or what cannot be, is refused', async (t) => {
  const { app } = await serve(t)
  await t.rejects(app.realtime.revoke({}), TypeError)
  await t.rejects(app.realtime.revoke({ group: '@all' }), { code: 'FST_REALTIME_BAD_GROUP' })
  await t.rejects(app.realtime.revoke({ user: '' }), { code: 'FST_REALTIME_BAD_USER' })
  await t.resolves(app.realtime.revoke({ user: 'nobody', group: 'empty' }))
  await t.resolves(app.realtime.revoke({ connection: 'none' }))
})
