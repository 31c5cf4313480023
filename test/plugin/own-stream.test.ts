import { once } from 'node:events'
import { connect as connectHttp2, constants } from 'node:http2'
import t, { type Test } from 'tap'
import type { RealtimeConnection, RealtimeOptions, StreamOptions } from '../../lib/index.ts'
import { connect } from './client.ts'
import { createGate } from './gate.ts'
import { createRealtimeApp, listen, type App } from './server.ts'

const path = '/rooms/1/events'

/** An app with a route of its own that answers with a stream. */
async function serveStream (t: Test, stream: StreamOptions | undefined, options: RealtimeOptions = {}): Promise<App & { url: string, opened: RealtimeConnection[] }> {
  const created = await createRealtimeApp(t, options)
  const opened: RealtimeConnection[] = []
  created.app.get('/rooms/:id/events', async (_request, reply) => { opened.push(await reply.realtime(stream)) })
  return { ...created, opened, url: await listen(created.app) }
}

t.test('the server chooses the groups, and canJoin is not asked', async (t) => {
  const { app, url, opened } = await serveStream(t, { groups: ['room:1', 'room:1', 'room:2'] }, { canJoin: () => { throw new Error('asked') } })
  const client = await connect(t, 'sse', url, { path, groups: ['other'] })
  t.match(await client.until('realtime:open'), { data: { groups: ['room:1', 'room:2'], refused: [] } })
  t.match(client.headers, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
  await app.realtime.toGroup('room:1').send('hello', { a: 1 })
  t.match(await client.until('hello'), { group: 'room:1', data: { a: 1 } })
  t.match(opened, [{ id: client.connection, user: null, transport: 'sse', groups: ['room:1', 'room:2'] }])
})

t.test('without options it is in no group, and gets what goes to all and to itself', async (t) => {
  const { app, url } = await serveStream(t, undefined)
  const client = await connect(t, 'sse', url, { path })
  t.match(await client.until('realtime:open'), { data: { groups: [] } })
  await app.realtime.broadcast().send('hello', {})
  await app.realtime.toConnection(client.connection).send('bye', {})
  await client.until('bye')
  t.equal(client.of('hello').length, 1)
})

t.test('format data puts the bare data on the line', async (t) => {
  const { app, url } = await serveStream(t, { groups: ['a'], format: 'data' })
  const client = await connect(t, 'sse', url, { path })
  const { id } = await app.realtime.toGroup('a').send('hello', { text: 'hi' })
  await client.until('hello')
  t.equal(client.text.slice(client.text.indexOf(`id: ${id}`)).replace(/^[0-9a-f]+\r\n|\r\n$/gm, ''), `id: ${id}\nevent: hello\ndata: {"text":"hi"}\n\n`)
})

t.test('its connection sends, and closes after what was sent', async (t) => {
  const { url, opened } = await serveStream(t, {})
  const client = await connect(t, 'sse', url, { path })
  const [connection] = opened
  for (let n = 0; n < 3; n++) await connection!.send('progress', n)
  connection!.close()
  t.strictSame(await client.ended, { code: undefined, reason: 'ended' })
  t.match(client.messages.slice(1), [
    { group: '@connection', event: 'progress', data: 0 }, { data: 1 }, { data: 2 }, { event: 'realtime:close', data: { reason: 'server', retry: false, delay: 0 } }
  ])
  await t.rejects(connection!.send('late', {}), { code: 'FST_REALTIME_NOT_FOUND' })
})

t.test('its connection refuses what any send refuses', async (t) => {
  const { url, opened } = await serveStream(t, {})
  await connect(t, 'sse', url, { path })
  await t.rejects(opened[0]!.send('gap', {}), { code: 'FST_REALTIME_BAD_EVENT' })
  await t.rejects(opened[0]!.send('hello', undefined), { code: 'FST_REALTIME_BAD_DATA' })
})

t.test('a cursor, the client\'s or the route\'s own, is answered by gaps', async (t) => {
  for (const [after, lastEventId] of [['nonsense', undefined], [undefined, 'nonsense'], ['nonsense', '1-1']]) {
    const { url } = await serveStream(t, { groups: ['a'], ...(after === undefined ? {} : { after }) })
    const client = await connect(t, 'sse', url, { path, headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId } })
    await client.until('realtime:tick')
    t.match(client.of('realtime:gap'), [{ data: { group: '@all', reason: 'malformed' } }, { data: { group: 'a', reason: 'malformed' } }])
  }
})

t.test('commands are off', async (t) => {
  const { url } = await serveStream(t, {})
  const client = await connect(t, 'sse', url, { path })
  t.match(await client.command({ ref: 1, type: 'ping' }), { statusCode: 404, code: 'FST_REALTIME_NOT_FOUND' })
})

t.test('commands can be allowed, and canJoin then decides', async (t) => {
  const { url } = await serveStream(t, { groups: ['private'], commands: true })
  const client = await connect(t, 'sse', url, { path })
  t.match(await client.command({ ref: 1, type: 'subscribe', group: 'public:a' }), { ok: true })
  t.match(await client.command({ ref: 2, type: 'subscribe', group: 'other' }), { ok: false, error: { code: 'FST_REALTIME_FORBIDDEN' } })
})

t.test('what refuses goes to the route\'s own error handler', async (t) => {
  const cases: Array<[RealtimeOptions, StreamOptions, Record<string, string>, number, string]> = [
    [{}, {}, { origin: 'https://evil.example' }, 403, 'FST_REALTIME_FOREIGN_ORIGIN'],
    [{}, {}, { 'sec-fetch-site': 'cross-site' }, 403, 'FST_REALTIME_FOREIGN_ORIGIN'],
    [{ identify: () => '' }, {}, {}, 401, 'FST_REALTIME_UNAUTHENTICATED'],
    [{}, { groups: ['@all'] }, {}, 400, 'FST_REALTIME_BAD_GROUP'],
    [{}, {}, { 'realtime-origin': 'no tag' }, 400, 'FST_REALTIME_BAD_ORIGIN_TAG']
  ]
  for (const [options, stream, headers, status, code] of cases) {
    const { app, url } = await serveStream(t, stream, options)
    const response = await fetch(url + path, { headers })
    t.equal(response.status, status, code)
    t.match(await response.json(), { code })
    t.equal(app.realtime.connectionCount, 0)
  }
})

t.test('limits apply, and a refusal gives nothing away for good', async (t) => {
  const { url } = await serveStream(t, {}, { limits: { maxConnections: 1 } })
  const first = await connect(t, 'sse', url, { path })
  t.equal((await fetch(url + path)).status, 503)
  first.leave()
  await first.ended
  await connect(t, 'sse', url, { path })
})

t.test('a listed origin gets CORS headers', async (t) => {
  const { url } = await serveStream(t, {}, { origins: ['https://a.example'] })
  const { headers } = await connect(t, 'sse', url, { path, headers: { origin: 'https://a.example' } })
  t.match(headers, { 'access-control-allow-origin': 'https://a.example', 'access-control-allow-credentials': 'true' })
})

t.test('a revocation that comes while it is being identified holds', async (t) => {
  const gate = createGate<string>()
  const { app, url } = await serveStream(t, { groups: ['a'] }, { identify: () => gate.hold() })
  const connecting = connect(t, 'sse', url, { path })
  await gate.held
  await app.realtime.revoke({ group: 'a' })
  gate.open('ann')
  t.match(await (await connecting).until('realtime:open'), { data: { groups: [], refused: ['a'] } })
})

t.test('the route\'s own headers and hooks are kept', async (t) => {
  const { app } = await createRealtimeApp(t)
  app.get(path, { preHandler: async (request, reply) => { if (request.headers['key'] !== 'k') await reply.code(402).send({ pay: true }) } }, async (_request, reply) => {
    reply.header('x-room', '1')
    await reply.realtime()
  })
  const url = await listen(app)
  t.equal((await fetch(url + path)).status, 402)
  t.match((await connect(t, 'sse', url, { path, headers: { key: 'k' } })).headers, { 'x-room': '1' })
})

t.test('a stream that cannot begin gives its room back', async (t) => {
  const { app } = await createRealtimeApp(t, { limits: { maxConnections: 1 } })
  const errors: unknown[] = []
  app.get('/answered', async (_request, reply) => {
    await reply.send('answered')
    await reply.realtime().catch((error: unknown) => { errors.push(error) })
    return reply
  })
  app.get(path, async (_request, reply) => { await reply.realtime() })
  const url = await listen(app)
  await (await fetch(`${url}/answered`)).text()
  await app.inject('/answered')
  t.match(errors, [{ code: 'ERR_HTTP_HEADERS_SENT' }, { code: 'ERR_HTTP_HEADERS_SENT' }])
  await connect(t, 'sse', url, { path })
})

t.test('over HTTP/2, a client that left while it was being identified is forgotten', async (t) => {
  const gate = createGate<null>()
  const { app } = await createRealtimeApp(t, { identify: () => gate.hold() }, { http2: true })
  const opened = new Promise<RealtimeConnection>((resolve, reject) => {
    app.get(path, async (_request, reply) => {
      const gone = once(reply.raw, 'close')
      reply.realtime().then(resolve, reject)
      await gone
      gate.open(null)
      return await reply.hijack()
    })
  })
  const session = connectHttp2(await listen(app))
  t.teardown(() => { session.destroy() })
  const stream = session.request({ ':path': path })
  stream.on('error', () => {})
  const disconnected = new Promise((resolve) => { app.realtime.onDisconnect(({ id }) => { resolve(id) }) })
  await gate.held
  stream.close(constants.NGHTTP2_CANCEL)
  t.equal(await disconnected, (await opened).id)
  t.equal(app.realtime.connectionCount, 0)
})
