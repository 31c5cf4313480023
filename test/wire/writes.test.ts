import { Socket } from 'node:net'
import compress from '@fastify/compress'
import t from 'tap'
import { startApp } from './app.ts'
import { rawClient, readChunks, requestText, type RawClient } from './raw-client.ts'

/** The writes of every socket of this process while `act` runs and until `settled`. */
async function writesDuring (act: () => unknown, settled: () => Promise<unknown>): Promise<Map<Socket, number>> {
  const writes = new Map<Socket, number>()
  const write = Socket.prototype.write
  Socket.prototype.write = function (this: Socket, ...args: Parameters<Socket['write']>) {
    writes.set(this, (writes.get(this) ?? 0) + 1)
    return write.apply(this, args)
  } as Socket['write']
  try {
    act()
    await settled()
  } finally {
    Socket.prototype.write = write
  }
  return writes
}

const upgrade = ['host: localhost', 'connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==']
const requests = {
  'an HTTP/1.1 stream': requestText('/realtime/sse?groups=public:a,public:b'),
  'an HTTP/1.0 stream': requestText('/realtime/sse?groups=public:a,public:b', [], 'HTTP/1.0'),
  'a WebSocket': requestText('/realtime/ws?groups=public:a,public:b', upgrade)
}

for (const [name, request] of Object.entries(requests)) {
  t.test(`what one turn publishes leaves in one write: ${name}`, async (t) => {
    const { app, port } = await startApp(t)
    const client = await rawClient(t, port, request)
    await client.until('realtime:open')
    const before = client.reads.length
    const writes = await writesDuring(() => {
      for (let i = 1; i <= 50; i++) app.realtime.toGroup(i % 2 === 0 ? 'public:a' : 'public:b').send('message', i)
    }, async () => { await client.until('"data":50}') })
    t.same([...writes.values()], [1], 'one write of one socket in the whole process')
    t.equal(client.reads.length - before, 1, 'which arrives as one piece')
    const data = [...client.text.matchAll(/"event":"message","data":(\d+)/g)].map(([, number]) => Number(number))
    t.same(data, Array.from({ length: 50 }, (_, i) => i + 1))
  })
}

t.test('one turn writes once to each connection', async (t) => {
  const { app, port } = await startApp(t)
  const clients: RawClient[] = []
  for (const request of [...Object.values(requests), ...Object.values(requests)]) {
    const client = await rawClient(t, port, request)
    await client.until('realtime:open')
    clients.push(client)
  }
  const writes = await writesDuring(() => {
    for (let i = 1; i <= 10; i++) app.realtime.toGroup('public:a').send('message', i)
  }, async () => { await Promise.all(clients.map((client) => client.until('"data":10}'))) })
  t.same([...writes.values()], [1, 1, 1, 1, 1, 1])
})

t.test('a stream is not compressed, whoever would like it', async (t) => {
  const { port } = await startApp(t, { before: async (app) => { await app.register(compress, { global: true, threshold: 0 }) } })
  const client = await rawClient(t, port, requestText('/realtime/sse', ['host: localhost', 'accept-encoding: gzip, br']))
  await client.until('realtime:open')
  t.notMatch(client.head, /^content-encoding/mi)
  t.equal(readChunks(client.body).chunks.length, 1)
})

t.test('no extension is negotiated for a WebSocket', async (t) => {
  const { port } = await startApp(t)
  const client = await rawClient(t, port, requestText('/realtime/ws', [...upgrade, 'sec-websocket-extensions: permessage-deflate']))
  await client.until('realtime:open')
  t.match(client.head, /^HTTP\/1\.1 101 /)
  t.notMatch(client.head, /^sec-websocket-extensions/mi)
})
