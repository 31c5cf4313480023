import t from 'tap'
import type { JoinQuestion } from '../../lib/index.ts'
import { connect, dial, kinds } from './client.ts'
import { createGate, hang } from './gate.ts'
import { refused } from './refused.ts'
import { serve } from './server.ts'

for (const kind of kinds) {
  t.test(`over ${kind}`, async (t) => {
    t.test('without canJoin anyone may join public groups, and nobody others', async (t) => {
      const { url } = await serve(t, { identify: () => 'ann' })
      const client = await connect(t, kind, url, { groups: ['public:a', 'publicly', 'ann', 'Public:a'], query: { partial: '1' } })
      t.match(await client.until('realtime:open'), { data: { groups: ['public:a'], refused: ['publicly', 'ann', 'Public:a'] } })
    })

    t.test('one refused group refuses the handshake, and every refused group is named', async (t) => {
      const { app, url } = await serve(t)
      t.match(await refused(kind, url, '?groups=a,public:b,c'), {
        status: 403, body: { code: 'FST_REALTIME_FORBIDDEN', refused: ['a', 'c'] }
      })
      t.match(app.realtime.metrics(), { connections: 0, joinsRefused: 2, handshakesRefused: 1 })
    })

    t.test('canJoin replaces the default', async (t) => {
      const { url } = await serve(t, { canJoin: ({ group }) => group === 'private' })
      const client = await connect(t, kind, url, { groups: ['public:a', 'private'], query: { partial: '1' } })
      t.match(await client.until('realtime:open'), { data: { groups: ['private'], refused: ['public:a'] } })
    })

    t.test('only true allows', async (t) => {
      const answers: Record<string, unknown> = { one: 1, yes: 'yes', object: {}, array: [true], later: Promise.resolve('true'), undefined, null: null, false: false }
      const { url } = await serve(t, { canJoin: ({ group }) => answers[group] as boolean })
      const client = await connect(t, kind, url, { groups: Object.keys(answers), query: { partial: '1' } })
      t.strictSame((await client.until('realtime:open')).data.groups, [])
      for (const group of Object.keys(answers)) {
        t.match(await client.command({ ref: 1, type: 'subscribe', group }), { ok: false, error: { code: 'FST_REALTIME_FORBIDDEN' } }, group)
      }
    })

    t.test('a throw, a rejection and a hang refuse, are logged, and concern nobody else', async (t) => {
      const { app, url, warnings } = await serve(t, {
        limits: { hookTimeout: 20 },
        canJoin: ({ group }) => {
          if (group === 'throws') throw new Error('secret')
          if (group === 'rejects') return Promise.reject(new Error('secret'))
          return group === 'hangs' ? hang() : true
        }
      })
      const groups = ['throws', 'rejects', 'hangs']
      const other = await connect(t, kind, url, { groups: ['fine'] })
      const client = await connect(t, kind, url, { groups: ['fine', ...groups], query: { partial: '1' } })
      t.match(await client.until('realtime:open'), { data: { groups: ['fine'], refused: groups } })
      for (const group of groups) t.match(await client.command({ ref: 1, type: 'subscribe', group }), { ok: false, error: { code: 'FST_REALTIME_FORBIDDEN' } })
      t.match(app.realtime.metrics(), { hookFailures: 6, joinsRefused: 6, connections: 2 })
      t.match(warnings(), Array.from({ length: 6 }, () => ({ hook: 'canJoin' })))
      await app.realtime.toGroup('fine').send('hello', {})
      await Promise.all([client.until('hello'), other.until('hello')])
      t.notMatch(client.text, /secret/)
    })

    t.test('it is asked about user, group and data, with the request at the handshake', async (t) => {
      const questions: JoinQuestion[] = []
      const { url } = await serve(t, {
        identify: () => ({ id: 7, data: { role: 'admin' } }),
        canJoin: (question) => questions.push(question) > 0
      })
      const client = await connect(t, kind, url, { groups: ['a'], headers: { 'x-mark': 'mine' } })
      await client.command({ ref: 1, type: 'subscribe', group: 'b' })
      t.match(questions, [
        { user: '7', group: 'a', data: { role: 'admin' }, request: { headers: { 'x-mark': 'mine' } } },
        { user: '7', group: 'b', data: { role: 'admin' } }
      ])
    })

    t.test('an in-band join is in effect from realtime:joined on', async (t) => {
      const { app, url } = await serve(t, { canJoin: async ({ group }) => group !== 'b' })
      const client = await connect(t, kind, url)
      await app.realtime.toGroup('a').send('before', {})
      t.strictSame(await client.command({ ref: 5, type: 'subscribe', group: 'a' }), { ref: 5, ok: true, data: { view: null } })
      t.match(await client.until('realtime:joined'), { data: { ref: 5, group: 'a', view: null, resumed: false } })
      t.match(await client.command({ ref: 6, type: 'subscribe', group: 'b' }), { ref: 6, ok: false, error: { code: 'FST_REALTIME_FORBIDDEN' } })
      await app.realtime.toGroup(['a', 'b']).send('after', {})
      await app.realtime.broadcast().send('done', {})
      await client.until('done')
      t.strictSame(client.of('before'), [])
      t.match(client.of('after'), [{ group: 'a' }])
      t.equal(client.of('after').length, 1)
    })

    t.test('unsubscribing calls off a join that is being checked', async (t) => {
      const gate = createGate<boolean>()
      const { app, url } = await serve(t, { canJoin: () => gate.hold() })
      const client = await connect(t, kind, url)
      const joining = client.command({ ref: 1, type: 'subscribe', group: 'a' })
      await gate.held
      t.match(await client.command({ ref: 2, type: 'unsubscribe', group: 'a' }), { ref: 2, ok: true })
      gate.open(true)
      t.match(await joining, { ref: 1, ok: false, error: { code: 'FST_REALTIME_FORBIDDEN' } })
      t.equal(app.realtime.groupSize('a'), 0)
      t.strictSame(client.of('realtime:joined'), [])
    })

    t.test('a client that goes while its join is being checked leaves nothing behind', async (t) => {
      const gate = createGate<boolean>()
      const { app, url } = await serve(t, { canJoin: () => gate.hold() })
      const gone = new Promise((resolve) => { app.realtime.onDisconnect(resolve) })
      const client = await connect(t, kind, url)
      client.command({ ref: 1, type: 'subscribe', group: 'a' }).catch(() => {})
      await gate.held
      client.leave()
      await gone
      gate.open(true)
      await new Promise(setImmediate)
      t.match(app.realtime.metrics(), { connections: 0, groups: 0 })
    })

    t.test('a client that goes during its handshake leaves nothing behind', async (t) => {
      const gate = createGate<boolean>()
      let cut: Promise<unknown> | undefined
      const { app, url } = await serve(t, {
        limits: { maxConnections: 1 },
        canJoin: ({ request }) => {
          cut = new Promise((resolve) => { request!.socket.once('close', resolve) })
          return gate.hold()
        }
      })
      const client = dial(t, kind, url, { groups: ['a'] })
      await gate.held
      t.match(await refused(kind, url), { status: 503, body: { code: 'FST_REALTIME_OVER_CAPACITY' } })
      client.leave()
      gate.open(true)
      await cut
      await new Promise(setImmediate)
      t.match(app.realtime.metrics(), { connections: 0, groups: 0 })
      await connect(t, kind, url)
    })
  })
}
