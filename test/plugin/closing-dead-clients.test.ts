import websocket from '@fastify/websocket'
import t from 'tap'
import { WebSocket } from 'ws'
import realtime from '../../lib/index.ts'
import { connectHttp2 } from './http2-client.ts'
import { sendRaw, socketRequest, streamRequest } from './raw-client.ts'
import { createApp, listen, serve } from './server.ts'
import { createSilentProxy } from './silent-proxy.ts'

const requests = { sse: streamRequest('?groups=public:a'), 'sse over HTTP/1.0': streamRequest('?groups=public:a', '1.0'), ws: socketRequest('?groups=public:a') }

for (const [what, request] of Object.entries(requests)) {
  t.test(`over ${what}`, async (t) => {
    t.test('a client that answers nothing is cut', async (t) => {
      const { app, url } = await serve(t)
      const client = sendRaw(t, url, request)
      await client.until('realtime:open')
      await app.close()
      await client.ended
      t.match(client.text, /realtime:close/)
      t.equal(app.realtime.connectionCount, 0)
    })

    t.test('a client that has stopped reading is cut', async (t) => {
      const { app, url } = await serve(t, { limits: { maxEventBytes: 10_000_000 } })
      const client = sendRaw(t, url, request)
      await client.until('realtime:open')
      client.socket.pause()
      await app.realtime.toGroup('public:a').send('large', 'x'.repeat(8_000_000))
      while (app.realtime.metrics().connectionsBehind === 0) await new Promise(setImmediate)
      await app.close()
      t.equal(app.realtime.connectionCount, 0)
    })

    t.test('a client that is gone without a word is no trouble', async (t) => {
      const { app, url } = await serve(t)
      const client = sendRaw(t, url, request)
      await client.until('realtime:open')
      client.socket.resetAndDestroy()
      await app.close()
      t.equal(app.realtime.connectionCount, 0)
    })
  })
}

t.test('a session of HTTP/2 that goes silent is cut', async (t) => {
  const { app, url } = await serve(t, {}, { http2: true })
  const proxy = await createSilentProxy(t, url)
  await connectHttp2(t, proxy.url, '/realtime/sse')
  proxy.silence()
  await app.close()
  t.equal(app.realtime.connectionCount, 0)
})

t.test('a stream of HTTP/2 that is not read is cut', async (t) => {
  const { app, url } = await serve(t, { limits: { maxEventBytes: 10_000_000 } }, { http2: true })
  const client = await connectHttp2(t, url, '/realtime/sse?groups=public:a')
  client.stream.pause()
  await app.realtime.toGroup('public:a').send('large', 'x'.repeat(1_000_000))
  while (app.realtime.metrics().connectionsBehind === 0) await new Promise(setImmediate)
  await app.close()
  t.equal(app.realtime.connectionCount, 0)
})

t.test('one that was told goodbye before, and never answered, does not hold it up', async (t) => {
  const { app, url } = await serve(t, { drainTimeout: 500 })
  const client = sendRaw(t, url, requests.ws)
  await client.until('realtime:open')
  const [{ id } = { id: '' }] = await app.realtime.connections()
  await app.realtime.revoke({ connection: id })
  await app.close()
  t.equal(app.realtime.connectionCount, 0)
})

t.test('next to @fastify/websocket of the app\'s own, dead clients of the plugin are cut as well', async (t) => {
  const { app } = createApp(t)
  await app.register(websocket)
  await app.register(realtime, { drainTimeout: 200 })
  const url = await listen(app)
  await sendRaw(t, url, requests.ws).until('realtime:open')
  const alive = new WebSocket(`${url.replace('http', 'ws')}/realtime/ws`)
  await new Promise((resolve) => { alive.on('message', resolve) })
  await app.close()
  t.equal(app.realtime.connectionCount, 0)
})
