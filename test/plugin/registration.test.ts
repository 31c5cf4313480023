import { once } from 'node:events'
import { connect as dial } from 'node:net'
import websocket from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { WebSocket } from 'ws'
import realtime, { fastifyRealtime, realtimeOf, type Realtime } from '../../lib/index.ts'
import { connect, kinds } from './client.ts'
import { createApp, createRealtimeApp, listen, serve } from './server.ts'

/** Adds a WebSocket route which answers every message with itself. */
function addEcho (app: FastifyInstance, url: string): void {
  app.get(url, { websocket: true }, (socket) => {
    socket.on('message', (data) => { socket.send(String(data)) })
  })
}

async function echo (url: string): Promise<string> {
  const socket = new WebSocket(url.replace('http', 'ws'))
  const answer = new Promise<string>((resolve, reject) => {
    socket.on('open', () => { socket.send('hello') })
    socket.on('message', (data) => { resolve(String(data)) })
    socket.on('error', reject)
  })
  try {
    return await answer
  } finally {
    socket.terminate()
  }
}

t.test('the named export is the default one', async (t) => {
  t.equal(fastifyRealtime, realtime)
})

t.test('at the root the handle is on the instance, in its children, and found by realtimeOf', async (t) => {
  const { app } = await createRealtimeApp(t)
  t.equal(realtimeOf(app), app.realtime)
  t.equal(app.realtime.installed, true)
  app.register(async (child) => { t.equal(child.realtime, app.realtime) })
  await app.ready()
})

for (const kind of kinds) {
  t.test(`in a scope with a prefix the routes are below it (${kind})`, async (t) => {
    const { app } = createApp(t)
    let handle: Realtime | undefined
    app.register(async (scope) => {
      await scope.register(realtime, { drainTimeout: 200 })
      handle = scope.realtime
    }, { prefix: '/api' })
    const client = await connect(t, kind, await listen(app), { prefix: '/api/realtime', groups: ['public:a'] })
    t.equal(app.hasDecorator('realtime'), false)
    t.equal(app.hasReplyDecorator('realtime'), false)
    t.equal(realtimeOf(app).installed, false)
    await handle?.toGroup('public:a').send('hello', 1)
    t.match(await client.until('hello'), { group: 'public:a', data: 1 })
  })

  t.test(`registered twice, both work and know nothing of each other (${kind})`, async (t) => {
    const { app, warnings } = await createRealtimeApp(t)
    await app.register(realtime, { decorator: 'internal', prefix: '/internal', drainTimeout: 200, reconnectSpread: 0 })
    const url = await listen(app)
    const second = realtimeOf(app, 'internal')
    const [a, b] = [await connect(t, kind, url, { groups: ['public:a'] }), await connect(t, kind, url, { prefix: '/internal', groups: ['public:a'] })]
    t.not(second, app.realtime)
    await app.realtime.broadcast().send('first', {})
    await second.broadcast().send('second', {})
    await Promise.all([a.until('first'), b.until('second')])
    t.same([app.realtime.connectionCount, second.connectionCount], [1, 1])
    t.same([a.of('second'), b.of('first')], [[], []])
    t.match(await a.command({ ref: 1, type: 'ping' }), { ok: true })
    t.match(await b.command({ ref: 1, type: 'ping' }), { ok: true })
    t.same(warnings(), [])
  })
}

t.test('the same decorator twice stops the start, and says what to do', async (t) => {
  const { app } = await createRealtimeApp(t)
  await t.rejects(async () => await app.register(realtime, { prefix: '/internal' }), {
    code: 'FST_REALTIME_INVALID_OPTION',
    message: 'option "decorator" is "realtime": a name that is not taken; a second registration needs its own decorator and prefix'
  })
})

t.test('a second registration with the same prefix stops the start', async (t) => {
  const { app } = await createRealtimeApp(t)
  await t.rejects(async () => await app.register(realtime, { decorator: 'internal' }), { code: 'FST_ERR_DUPLICATED_ROUTE' })
})

t.test('next to @fastify/websocket', async (t) => {
  t.test('which was registered before', async (t) => {
    const { app, warnings } = createApp(t)
    await app.register(websocket)
    await app.register(realtime, { drainTimeout: 200, reconnectSpread: 0 })
    addEcho(app, '/echo')
    const url = await listen(app)
    await connect(t, 'ws', url)
    t.equal(await echo(`${url}/echo`), 'hello')
    t.same(warnings(), [])
  })

  t.test('which was not registered', async (t) => {
    const { url, warnings, app } = await serve(t)
    await connect(t, 'ws', url)
    t.equal(app.hasDecorator('websocketServer'), false)
    t.same(warnings(), [])
  })

  for (const order of ['before', 'after'] as const) {
    t.test(`which is registered in a sibling scope, ${order}`, async (t) => {
      const { app, warnings } = createApp(t)
      const sibling = (): void => {
        app.register(async (scope) => {
          await scope.register(websocket)
          addEcho(scope, '/echo')
        })
      }
      if (order === 'before') sibling()
      app.register(realtime, { drainTimeout: 200, reconnectSpread: 0 })
      if (order === 'after') sibling()
      const url = await listen(app)
      await connect(t, 'ws', url)
      t.equal(await echo(`${url}/echo`), 'hello')
      t.same(warnings(), [])
    })
  }

  for (const isAwaited of [true, false]) {
    t.test(`which is registered afterwards, ${isAwaited ? 'awaited' : 'not awaited'}`, async (t) => {
      const { app, warnings } = createApp(t)
      const registered = app.register(realtime, { drainTimeout: 200, reconnectSpread: 0 })
      if (isAwaited) await registered
      app.register(websocket)
      app.register(async (scope) => { addEcho(scope, '/echo') })
      const url = await listen(app)
      await connect(t, 'ws', url)
      t.equal(await echo(`${url}/echo`), 'hello')
      t.same(warnings(), [])
    })
  }

  t.test('an upgrade to an unknown path is answered 404 and holds up no close', async (t) => {
    const { app, url } = await serve(t)
    await t.rejects(echo(`${url}/nowhere`), /404/)
    await app.close()
  })

  t.test('a request of the app\'s that offers an upgrade is answered, and holds up no close', async (t) => {
    const { app } = await createRealtimeApp(t)
    app.get('/plain', async () => 'hello')
    const { port } = new URL(await listen(app))
    const socket = dial(Number(port), '127.0.0.1')
    t.teardown(() => socket.destroy())
    let answer = ''
    socket.on('data', (data) => { answer += String(data) })
    socket.write('GET /plain HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n')
    await once(socket, 'close')
    t.match(answer, /^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\nhello$/)
    await app.close()
  })

  t.test('the larger limit of its own server holds for its own routes alone', async (t) => {
    const { app } = createApp(t)
    await app.register(websocket, { options: { maxPayload: 1_000 } })
    await app.register(realtime, { drainTimeout: 200, limits: { maxMessageBytes: 100 } })
    const client = await connect(t, 'ws', await listen(app))
    client.command({ ref: 1, type: 'ping', padding: 'x'.repeat(200) }).catch(() => {})
    t.match(await client.ended, { code: 1009 })
  })
})

t.test('the plugin\'s routes are hidden from generated documents', async (t) => {
  const { app } = createApp(t)
  const routes: Array<{ url: string, hidden: unknown }> = []
  app.addHook('onRoute', ({ url, schema }) => { routes.push({ url, hidden: (schema as { hide?: unknown } | undefined)?.hide }) })
  await app.register(realtime)
  await app.ready()
  t.ok(['/realtime/sse', '/realtime/ws', '/realtime/connections/:id'].every((url) => routes.some((route) => route.url === url)))
  t.same(routes.filter(({ hidden }) => hidden !== true), [])
})
