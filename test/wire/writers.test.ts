import t from 'tap'
import { startApp } from './app.ts'
import { rawClient, readChunks, requestText } from './raw-client.ts'

const target = '/realtime/sse?groups=public:lobby'

t.test('HTTP/1.1: every event is a chunk, exact to the byte', async (t) => {
  const { app, port } = await startApp(t)
  const client = await rawClient(t, port, requestText(target))
  await client.until('realtime:open')
  const text = 'ünï\u2028cödé 😀'
  const { id } = await app.realtime.toGroup('public:lobby').send('message', { text })
  await client.until('message')
  t.match(client.head, /^HTTP\/1\.1 200 OK\r\n/)
  t.match(client.head, /^transfer-encoding: chunked$/mi)
  t.notMatch(client.head, /^content-length/mi)
  const { chunks } = readChunks(client.body)
  t.equal(chunks.length, 2)
  t.match(chunks[0], /^id: \d+-\d+\nevent: realtime:open\ndata: \{.*\}\n\n$/)
  t.equal(chunks[1], `id: ${id}\nevent: message\ndata: {"id":"${id}","group":"public:lobby","event":"message","data":{"text":"${text}"}}\n\n`)
})

t.test('HTTP/1.1: the headers that keep caches and proxies from holding it', async (t) => {
  const { port } = await startApp(t)
  const client = await rawClient(t, port, requestText(target))
  await client.until('realtime:open')
  t.match(client.head, /^content-type: text\/event-stream; charset=utf-8$/mi)
  t.match(client.head, /^cache-control: no-cache, no-store, no-transform, private$/mi)
  t.match(client.head, /^x-accel-buffering: no$/mi)
})

t.test('HTTP/1.1: a closing app ends the body with the last chunk and then the line', async (t) => {
  const { app, port } = await startApp(t)
  const client = await rawClient(t, port, requestText(target))
  await client.until('realtime:open')
  await app.close()
  await client.closed
  const { chunks, isComplete } = readChunks(client.body)
  t.equal(isComplete, true)
  t.match(chunks.at(-1), /^retry: \d+\nevent: realtime:close\ndata: \{"event":"realtime:close","data":\{"reason":"shutdown",.*\}\}\n\n$/)
})

t.test('HTTP/1.1 with Connection: close is chunked too', async (t) => {
  const { app, port } = await startApp(t)
  const client = await rawClient(t, port, requestText(target, ['host: localhost', 'connection: close']))
  await client.until('realtime:open')
  await app.realtime.toGroup('public:lobby').send('message', 'hello')
  await client.until('hello')
  t.match(client.head, /^connection: close$/mi)
  t.equal(readChunks(client.body).chunks.length, 2)
  await app.close()
  await client.closed
  t.equal(readChunks(client.body).isComplete, true)
})

for (const headers of [[], ['connection: keep-alive']]) {
  t.test(`HTTP/1.0: the body is bare and ends with the line (${headers.join() || 'no headers'})`, async (t) => {
    const { app, port } = await startApp(t)
    const client = await rawClient(t, port, requestText(target, headers, 'HTTP/1.0'))
    await client.until('realtime:open')
    const { id } = await app.realtime.toGroup('public:lobby').send('message', 'hello')
    await client.until('hello')
    t.notMatch(client.head, /^transfer-encoding/mi)
    t.match(client.head, /^connection: close$/mi)
    t.match(client.body.toString(), /^id: .*\nevent: realtime:open\ndata: .*\n\nid: .*\nevent: message\ndata: .*\n\n$/)
    t.ok(client.body.toString().endsWith(`{"id":"${id}","group":"public:lobby","event":"message","data":"hello"}\n\n`))
    await app.close()
    await client.closed
    t.match(client.body.toString(), /\nretry: \d+\nevent: realtime:close\ndata: .*\n\n$/)
  })
}

t.test('HEAD is no stream', async (t) => {
  const { app, port } = await startApp(t)
  const client = await rawClient(t, port, requestText(target, ['host: localhost', 'connection: close'], 'HTTP/1.1', 'HEAD'))
  await client.closed
  t.match(client.head, /^HTTP\/1\.1 40[45] /)
  t.equal(client.body.length, 0)
  t.equal(app.realtime.connectionCount, 0)
})

t.test('a GET with a body is a stream all the same', async (t) => {
  const { app, port } = await startApp(t)
  const client = await rawClient(t, port, requestText(target, ['host: localhost', 'content-length: 5']) + 'hello')
  await client.until('realtime:open')
  await app.realtime.toGroup('public:lobby').send('message', 'there')
  await client.until('there')
  t.equal(readChunks(client.body).chunks.length, 2)
})
