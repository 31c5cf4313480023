import t from 'tap'
import { covers } from '../../lib/protocol/cursor.ts'
import { connect, kinds } from './client.ts'
import { createRealtimeApp, listen, serve } from './server.ts'

const identify = (request: { headers: Record<string, unknown> }): string | undefined => request.headers['user'] as string | undefined

for (const kind of kinds) {
  t.test(`over ${kind}`, async (t) => {
    t.test('a group gets what is sent to it, and nobody else does', async (t) => {
      const { app, url } = await serve(t)
      const inside = await connect(t, kind, url, { groups: ['public:a'] })
      const outside = await connect(t, kind, url, { groups: ['public:b'] })
      const { id, ids } = await app.realtime.toGroup('public:a').send('hello', { text: 'hi' })
      await app.realtime.broadcast().send('done', {})
      t.strictSame(await inside.until('hello'), { id, group: 'public:a', event: 'hello', data: { text: 'hi' } })
      t.strictSame(ids, [id])
      await outside.until('done')
      t.strictSame(outside.of('hello'), [])
      t.equal(inside.received.find(({ event }) => event === 'hello')?.id, id)
    })

    t.test('several groups get a message each, and a member of two gets two', async (t) => {
      const { app, url } = await serve(t)
      const client = await connect(t, kind, url, { groups: ['public:a', 'public:b'] })
      const { id, ids } = await app.realtime.toGroup(['public:a', 'public:b', 'public:c']).send('hello', 1)
      await app.realtime.broadcast().send('done', {})
      await client.until('done')
      t.strictSame(client.of('hello').map(({ id, group }) => ({ id, group })), [{ id: ids[0], group: 'public:a' }, { id: ids[1], group: 'public:b' }])
      t.equal(ids.length, 3)
      t.ok(ids.every((one) => covers(id!, one!)))
    })

    t.test('a user gets it on every connection, whatever type the id has', async (t) => {
      const { app, url } = await serve(t, { identify })
      const tabs = [await connect(t, kind, url, { headers: { user: '42' } }), await connect(t, kind, url, { headers: { user: '42' } })]
      const other = await connect(t, kind, url, { headers: { user: '43' } })
      for (const id of [42, 42n, '42']) await app.realtime.toUser(id).send('hello', typeof id)
      await app.realtime.toUser(['42', 43n]).send('both', {})
      for (const tab of tabs) {
        await tab.until('both')
        t.strictSame(tab.of('hello').map(({ data, group }) => [data, group]), [['number', '@user:42'], ['bigint', '@user:42'], ['string', '@user:42']])
      }
      t.match(await other.until('both'), { group: '@user:43' })
      t.strictSame(other.of('hello'), [])
    })

    t.test('everyone gets a broadcast', async (t) => {
      const { app, url } = await serve(t, { identify })
      const clients = [await connect(t, kind, url), await connect(t, kind, url, { headers: { user: '1' } })]
      const { id } = await app.realtime.broadcast().send('hello', null)
      for (const client of clients) t.strictSame(await client.until('hello'), { id, group: '@all', event: 'hello', data: null })
    })

    t.test('one connection gets what is sent to it, without an id', async (t) => {
      const { app, url } = await serve(t)
      const [client, other] = [await connect(t, kind, url), await connect(t, kind, url)]
      t.strictSame(await app.realtime.toConnection(client.connection).send('hello', [1]), { id: null, ids: [null] })
      t.strictSame(await client.until('hello'), { group: '@connection', event: 'hello', data: [1] })
      await app.realtime.broadcast().send('done', {})
      await other.until('done')
      t.strictSame(other.of('hello'), [])
    })

    t.test('a volatile message has no id, on the wire or in the result', async (t) => {
      const { app, url } = await serve(t)
      const client = await connect(t, kind, url, { groups: ['public:a'] })
      t.strictSame(await app.realtime.toGroup('public:a').send('typing', {}, { volatile: true }), { id: null, ids: [null] })
      t.strictSame(await client.until('typing'), { group: 'public:a', event: 'typing', data: {} })
    })

    t.test('the tab that caused it is left out, by its tag and by its request', async (t) => {
      const { app } = await createRealtimeApp(t)
      app.post('/say', async (request) => { await app.realtime.toGroup('public:a').send('said', {}, { except: request }) })
      const url = await listen(app)
      const mine = await connect(t, kind, url, { groups: ['public:a'], headers: { 'realtime-origin': 'tab-1' } })
      const theirs = await connect(t, kind, url, { groups: ['public:a'], query: { origin: 'tab-2' } })
      const shared = await connect(t, kind, url, { groups: ['public:a'] })
      await app.realtime.toGroup('public:a').send('tagged', {}, { except: 'tab-1' })
      await fetch(new URL('/say', url), { method: 'POST', headers: { 'realtime-origin': 'tab-1' } })
      await app.realtime.broadcast().send('done', {})
      for (const client of [theirs, shared]) {
        await client.until('done')
        t.match(client.of('tagged'), [{ origin: 'tab-1' }])
        t.match(client.of('said'), [{ origin: 'tab-1' }])
      }
      await mine.until('done')
      t.strictSame([...mine.of('tagged'), ...mine.of('said')], [])
    })

    t.test('messages of every kind keep their order', async (t) => {
      const { app, url } = await serve(t, { identify })
      const client = await connect(t, kind, url, { groups: ['public:a', 'public:b'], headers: { user: '1' } })
      const { realtime } = app
      const targets = [realtime.toGroup('public:a'), realtime.toUser(1), realtime.broadcast(), realtime.toConnection(client.connection), realtime.toGroup(['public:b'])]
      for (let i = 0; i < 500; i++) {
        targets[i % targets.length]!.send('n', i)
        if (i % 120 === 0) await new Promise(setImmediate)
      }
      await realtime.broadcast().send('done', {})
      await client.until('done')
      t.strictSame(client.of('n').map(({ data }) => data), Array.from({ length: 500 }, (_, i) => i))
      const ids = client.messages.flatMap(({ id, event }) => id === undefined || event.startsWith('realtime:') ? [] : [id])
      t.ok(ids.every((id, i) => i === 0 || (covers(id, ids[i - 1]!) && id !== ids[i - 1])))
    })
  })
}

t.test('a request without a usable tag leaves out nobody', async (t) => {
  const { app } = await createRealtimeApp(t)
  app.post('/say', async (request) => { await app.realtime.toGroup('public:a').send('said', {}, { except: request }) })
  const url = await listen(app)
  const client = await connect(t, 'sse', url, { groups: ['public:a'] })
  for (const headers of [{}, { 'realtime-origin': 'no tag' }]) await fetch(new URL('/say', url), { method: 'POST', headers: headers as Record<string, string> })
  await app.realtime.broadcast().send('done', {})
  await client.until('done')
  t.equal(client.of('said').length, 2)
  t.notOk(client.of('said').some((message) => 'origin' in message))
})

t.test('what nobody hears is accepted all the same', async (t) => {
  const { app } = await createRealtimeApp(t)
  const { id } = await app.realtime.toGroup('public:a').send('hello', {})
  t.type(id, 'string')
  t.strictSame(await app.realtime.toGroup([]).send('hello', {}), { id: null, ids: [] })
})
