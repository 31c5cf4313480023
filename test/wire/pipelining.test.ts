import { subscribe } from 'node:diagnostics_channel'
import t from 'tap'
import { startApp, type AppOptions } from './app.ts'
import { rawClient, readChunks, requestText } from './raw-client.ts'
import { openStream } from './stream.ts'

const target = '/realtime/sse?groups=public:lobby'
const second = requestText('/second')

const setUp: AppOptions = {
  before: (app) => {
    app.get('/second', async () => 'the second answer')
    app.get('/never', (_request, reply) => { reply.hijack() })
  }
}

t.test('a second request on the socket of a stream cuts it', async (t) => {
  const { app, port } = await startApp(t, setUp)
  const client = await rawClient(t, port, requestText(target))
  await client.until('realtime:open')
  const gone = new Promise((resolve) => app.realtime.onDisconnect(resolve))
  client.write(second)
  await client.closed
  await gone
  t.equal(readChunks(client.body).chunks.length, 1)
})

t.test('a second request that came with the first is not answered into the stream', async (t) => {
  const { app, port } = await startApp(t, setUp)
  const client = await rawClient(t, port, requestText(target) + second)
  await client.closed
  t.notMatch(client.text, 'the second answer')
  t.equal(client.text.split('HTTP/1.1 ').length, 2)
  t.equal(app.realtime.connectionCount, 0)
})

t.test('a second stream that came with the first is not opened', async (t) => {
  const { app, port } = await startApp(t, setUp)
  const client = await rawClient(t, port, requestText(target) + requestText(target))
  await client.closed
  t.equal(app.realtime.connectionCount, 0)
  t.equal((await app.realtime.connections()).length, 0)
})

t.test('a stream behind a request without an answer is not opened', async (t) => {
  const { app, port } = await startApp(t, setUp)
  const client = await rawClient(t, port, requestText('/never') + requestText(target))
  await client.closed
  t.equal(client.text, '')
  t.equal(app.realtime.connectionCount, 0)
})

t.test('a refused stream behind a request without an answer takes up no room', async (t) => {
  const refused = new Promise((resolve) => { subscribe('fastify-realtime:refuse', resolve) })
  const { app, port, url } = await startApp(t, { ...setUp, realtime: { limits: { maxConnections: 1 } } })
  const client = await rawClient(t, port, requestText('/never') + requestText('/realtime/sse?groups=secret'))
  await refused
  client.socket.destroy()
  await openStream(t, `${url}${target}`)
  t.equal(app.realtime.connectionCount, 1)
})

t.test('a WebSocket behind a request without an answer is not opened, and its socket is cut', async (t) => {
  const { app, port } = await startApp(t, setUp)
  const upgrade = ['host: localhost', 'connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==']
  const client = await rawClient(t, port, requestText('/never') + requestText('/realtime/ws', upgrade))
  await client.closed
  t.equal(client.text, '')
  t.equal(app.realtime.connectionCount, 0)
})

t.test('a stream on a socket that has served before works', async (t) => {
  const { app, port } = await startApp(t, setUp)
  const client = await rawClient(t, port, second)
  await client.until('the second answer')
  client.write(requestText(target))
  await client.until('realtime:open')
  await app.realtime.toGroup('public:lobby').send('message', 'hello')
  await client.until('"hello"')
  t.pass('the stream is live')
})

t.test('what is no request at all ends the stream', async (t) => {
  const { app, port } = await startApp(t, setUp)
  const client = await rawClient(t, port, requestText(target))
  await client.until('realtime:open')
  const gone = new Promise((resolve) => app.realtime.onDisconnect(resolve))
  client.write('this is not HTTP\r\n\r\n')
  await client.closed
  await gone
  t.equal(app.realtime.connectionCount, 0)
})
