import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { connect, dial, kinds } from './client.ts'
import { createGate } from './gate.ts'
import { connectHttp2 } from './http2-client.ts'
import { sendRaw, streamRequest } from './raw-client.ts'
import { createRealtimeApp, listen, serve } from './server.ts'

/** Resolves once the app has begun to close, and turned to whoever is connected. */
async function closingBegun (app: FastifyInstance): Promise<void> {
  while (app.realtime.healthy) await new Promise(setImmediate)
  for (let turns = 0; turns < 10; turns++) await new Promise(setImmediate)
}

// A close that hangs is a test that times out.
for (const kind of kinds) {
  t.test(`over ${kind}`, async (t) => {
    t.test('clients are told when to come back, and the line ends', async (t) => {
      const { app, url } = await serve(t, { reconnectSpread: 1_000 })
      const clients = []
      for (let i = 0; i < 10; i++) clients.push(await connect(t, kind, url))
      await app.close()
      const delays: number[] = []
      for (const client of clients) {
        t.strictSame(await client.ended, kind === 'ws' ? { code: 1012, reason: 'shutdown' } : { code: undefined, reason: 'ended' })
        const last = client.messages.at(-1)
        t.match(last, { event: 'realtime:close', data: { reason: 'shutdown', retry: true } })
        delays.push(last!.data.delay as number)
        if (kind === 'sse') t.match(client.text, `retry: ${last!.data.delay}\nevent: realtime:close\n`)
      }
      t.ok(delays.every((delay) => Number.isInteger(delay) && delay >= 0 && delay < 1_000))
      t.ok(new Set(delays).size > 1, 'the delays are spread')
      t.equal(app.realtime.connectionCount, 0)
    })

    t.test('what was sent before arrives before the goodbye', async (t) => {
      const { app, url } = await serve(t)
      const client = await connect(t, kind, url, { groups: ['public:a'] })
      for (let n = 0; n < 100; n++) app.realtime.toGroup('public:a').send('n', n)
      await app.close()
      await client.ended
      t.equal(client.of('n').length, 100)
      t.equal(client.messages.at(-1)?.event, 'realtime:close')
    })

    t.test('so does what a request sends that is in flight', async (t) => {
      const { app } = await createRealtimeApp(t, { drainTimeout: 5_000 })
      const gate = createGate<void>()
      app.get('/work', async () => {
        await gate.hold()
        await app.realtime.toGroup('public:a').send('late', {})
        return 'done'
      })
      const url = await listen(app)
      const client = await connect(t, kind, url, { groups: ['public:a'] })
      const response = fetch(`${url}/work`)
      await gate.held
      const closed = app.close()
      await closingBegun(app)
      gate.open()
      t.equal(await (await response).text(), 'done')
      await closed
      await client.ended
      t.equal(client.of('late').length, 1)
    })

    t.test('a request that takes longer than drainTimeout holds up no goodbye', async (t) => {
      const { app } = await createRealtimeApp(t, { drainTimeout: 50 })
      const gate = createGate<void>()
      app.get('/work', async () => { await gate.hold() })
      const url = await listen(app)
      const client = await connect(t, kind, url)
      fetch(`${url}/work`).catch(() => {})
      await gate.held
      const closed = app.close()
      await client.until('realtime:close')
      gate.open()
      await closed
    })

    t.test('a handshake that is under way is refused or told, and leaves nothing open', async (t) => {
      for (const isAlone of [true, false]) {
        const gate = createGate<string>()
        const { app, url } = await serve(t, { identify: (request) => request.headers['slow'] === undefined ? null : gate.hold() })
        if (!isAlone) await connect(t, kind, url)
        const slow = dial(t, kind, url, { headers: { slow: '1' } })
        const outcome = slow.opened.then(async () => (await slow.until('realtime:close')).data.reason as string, (error: Error) => error.message)
        await gate.held
        const closed = app.close()
        await closingBegun(app)
        gate.open('ann')
        t.match(await outcome, /503|^shutdown$/)
        await closed
        t.equal(app.realtime.connectionCount, 0)
      }
    })

    t.test('a stream of the app\'s own that is under way leaves nothing open', async (t) => {
      const gate = createGate<string>()
      const { app } = await createRealtimeApp(t, { identify: () => gate.hold() })
      app.get('/own', async (_request, reply) => { await reply.realtime() })
      const url = await listen(app)
      const response = fetch(`${url}/own`, { headers: { connection: 'close' } })
      await gate.held
      const closed = app.close()
      await closingBegun(app)
      gate.open('ann')
      const { status } = await response
      t.ok(status === 200 || status === 503)
      await closed
      t.equal(app.realtime.connectionCount, 0)
    })

    t.test('who comes while it closes is turned away', async (t) => {
      const { app } = await createRealtimeApp(t, { drainTimeout: 5_000 })
      const gate = createGate<void>()
      app.get('/work', async () => { await gate.hold() })
      const url = await listen(app)
      await connect(t, kind, url)
      fetch(`${url}/work`).catch(() => {})
      await gate.held
      const closed = app.close()
      await closingBegun(app)
      await t.rejects(dial(t, kind, url).opened, /503/)
      gate.open()
      await closed
    })
  })
}

t.test('a handshake refused for that ends its line, also one that is kept alive', async (t) => {
  const gate = createGate<string>()
  const { app, url } = await serve(t, { identify: () => gate.hold() })
  const response = fetch(`${url}/realtime/sse`)
  await gate.held
  const closed = app.close()
  await closingBegun(app)
  gate.open('ann')
  const { status, headers } = await response
  t.equal(status, 503)
  t.equal(headers.get('retry-after'), '2')
  await closed
})

t.test('with nothing connected nothing is waited for', async (t) => {
  const { app } = await createRealtimeApp(t, { drainTimeout: 2_147_483_647 })
  await listen(app)
  await app.close()
})

t.test('an app that never listened closes', async (t) => {
  const { app } = await createRealtimeApp(t, { drainTimeout: 2_147_483_647 })
  await app.ready()
  await app.close()
})

t.test('streams of inject are ended too', async (t) => {
  const { app } = await createRealtimeApp(t)
  const response = await app.inject({ url: '/realtime/sse', payloadAsStream: true })
  const received = text(response.stream())
  await app.close()
  t.match(await received, /event: realtime:close\ndata: .*"reason":"shutdown"/)
})

t.test('over HTTP/1.0 the stream ends', async (t) => {
  const { app, url } = await serve(t)
  const client = sendRaw(t, url, streamRequest('', '1.0'))
  client.socket.on('end', () => { client.socket.end() })
  await client.until('realtime:open')
  await app.close()
  await client.ended
  t.match(client.text, /"reason":"shutdown".*\n\n$/)
})

t.test('over HTTP/1.1 the stream is complete', async (t) => {
  const { app, url } = await serve(t)
  const client = sendRaw(t, url, streamRequest())
  client.socket.on('end', () => { client.socket.end() })
  await client.until('realtime:open')
  await app.close()
  await client.ended
  t.match(client.text, /\r\n0\r\n\r\n$/)
})

t.test('over HTTP/2 the stream ends, and the session with it', async (t) => {
  const { app, url } = await serve(t, {}, { http2: true })
  const client = await connectHttp2(t, url, '/realtime/sse')
  await app.close()
  await client.ended
  t.match(client.messages.at(-1), { event: 'realtime:close', data: { reason: 'shutdown', retry: true } })
})

t.test('every forceCloseConnections comes to the same', async (t) => {
  for (const forceCloseConnections of [true, false, 'idle'] as const) {
    const { app, url } = await serve(t, {}, { forceCloseConnections })
    const clients = [await connect(t, 'sse', url), await connect(t, 'ws', url)]
    await app.close()
    for (const client of clients) t.match(await client.until('realtime:close'), { data: { reason: 'shutdown' } })
  }
})

t.test('closing in the middle of a large fan-out loses nothing', async (t) => {
  const { app } = await createRealtimeApp(t, { drainTimeout: 5_000 })
  const streams: Array<Promise<string>> = []
  for (let i = 0; i < 2_000; i++) {
    const response = await app.inject({ url: '/realtime/sse?groups=public:a', payloadAsStream: true })
    streams.push(text(response.stream()))
  }
  t.equal(app.realtime.groupSize('public:a'), 2_000)
  await app.realtime.toGroup('public:a').send('n', 1)
  await new Promise(setImmediate)
  await app.realtime.toGroup('public:a').send('n', 2)
  await app.close()
  const whole = /event: n\n.*"data":1}\n[^]*event: n\n.*"data":2}\n[^]*event: realtime:close\n/
  t.equal((await Promise.all(streams)).filter((one) => whole.test(one)).length, 2_000)
})
