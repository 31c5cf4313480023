import { deflateRawSync } from 'node:zlib'
import websocket from '@fastify/websocket'
import t, { type Test } from 'tap'
import { startApp, type App, type AppOptions } from './app.ts'
import { bystanders } from './bystanders.ts'
import { closeCode, frame, rawWebSocket, readFrames, upgradeText } from './raw-websocket.ts'
import { rawClient } from './raw-client.ts'

const ping = '{"ref":1,"type":"ping"}'

/** A server whose WebSocket is the plugin's own, and one where the app has registered it for itself. */
const servers: Record<string, AppOptions> = {
  'the plugin\'s own': {},
  'the app\'s': { before: async (app) => { await app.register(websocket) } },
  'the app\'s, which compresses': { before: async (app) => { await app.register(websocket, { options: { perMessageDeflate: true } }) } }
}

/** Frames that break RFC 6455, and the code that closes a connection for each. */
const broken: Record<string, { bytes: Buffer, code: number }> = {
  'an unmasked frame': { bytes: frame(ping, { masked: false }), code: 1002 },
  'a reserved bit': { bytes: frame(ping, { rsv: 0x20 }), code: 1002 },
  'all reserved bits': { bytes: frame(ping, { rsv: 0x70 }), code: 1002 },
  'a reserved opcode': { bytes: frame(ping, { opcode: 0x3 }), code: 1002 },
  'a reserved control opcode': { bytes: frame('', { opcode: 0xb }), code: 1002 },
  'a fragmented ping': { bytes: frame('a', { opcode: 0x9, fin: false }), code: 1002 },
  'a ping of 126 bytes': { bytes: frame('a'.repeat(126), { opcode: 0x9 }), code: 1002 },
  'a continuation of nothing': { bytes: frame('a', { opcode: 0x0 }), code: 1002 },
  'a message inside a fragmented one': { bytes: Buffer.concat([frame('a', { fin: false }), frame(ping)]), code: 1002 },
  'a close frame of one byte': { bytes: frame(Buffer.from([3]), { opcode: 0x8 }), code: 1002 },
  'close code 999': { bytes: frame(Buffer.from([0x03, 0xe7]), { opcode: 0x8 }), code: 1002 },
  'close code 1005': { bytes: frame(Buffer.from([0x03, 0xed]), { opcode: 0x8 }), code: 1002 },
  'close code 5000': { bytes: frame(Buffer.from([0x13, 0x88]), { opcode: 0x8 }), code: 1002 },
  'a close reason of invalid UTF-8': { bytes: frame(Buffer.from([0x03, 0xe8, 0xff]), { opcode: 0x8 }), code: 1007 },
  'text of invalid UTF-8': { bytes: frame(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])), code: 1007 },
  'text with a surrogate in UTF-8': { bytes: frame(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), code: 1007 },
  'a frame of 64 KiB and one byte': { bytes: frame('a'.repeat(65_537)), code: 1009 },
  'fragments of more than 64 KiB in all': { bytes: Buffer.concat([frame('a'.repeat(40_000), { fin: false }), frame('a'.repeat(40_000), { opcode: 0x0 })]), code: 1009 },
  'a length of 2^62': { bytes: Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0]), code: 1009 }
}

for (const [name, options] of Object.entries(servers)) {
  t.test(`a broken frame closes its connection and no other (${name})`, async (t) => {
    const started = await startApp(t, options)
    const ask = await bystanders(t, started)
    for (const [name, { bytes, code }] of Object.entries(broken)) {
      const client = await rawWebSocket(t, started.port, '/realtime/ws')
      client.write(bytes)
      t.equal(await closeCode(client), code, name)
    }
    t.same(await ask(), [1, 1])
    t.equal(started.app.realtime.connectionCount, 2, 'and nothing is left of them')
  })

  t.test(`a frame of just 64 KiB is read (${name})`, async (t) => {
    const { port } = await startApp(t, options)
    const client = await rawWebSocket(t, port, '/realtime/ws')
    client.write(frame(ping + ' '.repeat(65_536 - ping.length)))
    t.ok(await client.until('{"ref":1,"ok":true,"data":{}}'))
  })

  t.test(`an empty frame is no command (${name})`, async (t) => {
    const { port } = await startApp(t, options)
    const client = await rawWebSocket(t, port, '/realtime/ws')
    client.write(frame(''))
    await client.until('FST_REALTIME_MALFORMED')
    client.write(frame(ping))
    t.ok(await client.until('{"ref":1,"ok":true,"data":{}}'))
  })
}

t.test('the limit of a frame is that of the options', async (t) => {
  for (const options of Object.values(servers)) {
    const { port } = await startApp(t, { ...options, realtime: { limits: { maxMessageBytes: 100 } } })
    const client = await rawWebSocket(t, port, '/realtime/ws')
    client.write(frame('a'.repeat(101)))
    t.equal(await closeCode(client), 1009)
  }
})

t.test('a frame too big is not final for the others of the app\'s routes', async (t) => {
  const { port } = await startApp(t, {
    before: async (app) => {
      await app.register(websocket)
      await app.register(async (scope) => {
        scope.get('/echo', { websocket: true }, (socket) => { socket.on('message', (bytes: Buffer) => { socket.send(String(bytes.length)) }) })
      })
    }
  })
  const client = await rawClient(t, port, upgradeText('/echo'))
  await client.until('\r\n\r\n')
  client.write(frame('a'.repeat(100_000)))
  t.ok(await client.until('100000'))
})

t.test('a message that inflates beyond the limit closes with 1009', async (t) => {
  const { port } = await startApp(t, servers['the app\'s, which compresses'])
  const client = await rawClient(t, port, upgradeText('/realtime/ws', ['sec-websocket-extensions: permessage-deflate; client_no_context_takeover']))
  await client.until('realtime:open')
  t.match(client.head, /^sec-websocket-extensions: permessage-deflate/mi)
  const bomb = deflateRawSync(Buffer.alloc(10_000_000, 'a'))
  t.ok(bomb.length < 65_536)
  client.write(frame(bomb, { rsv: 0x40 }))
  t.equal(await closeCode(client), 1009)
})

t.test('a fragmented message is read, a ping in its midst is answered', async (t) => {
  const { port } = await startApp(t)
  const client = await rawWebSocket(t, port, '/realtime/ws')
  client.write(Buffer.concat([
    frame(ping.slice(0, 5), { fin: false }),
    frame('midst', { opcode: 0x9 }),
    frame(ping.slice(5), { opcode: 0x0 })
  ]))
  await client.until('{"ref":1,"ok":true,"data":{}}')
  t.same(readFrames(client.body).map(({ opcode }) => opcode), [0x1, 0xa, 0x1])
})

t.test('16,000 fragments of one byte cost their sender the connection, and nobody else anything', async (t) => {
  const started: App = await startApp(t)
  const ask = await bystanders(t, started)
  const client = await rawWebSocket(t, started.port, '/realtime/ws')
  client.write(Buffer.concat([frame('{', { fin: false }), ...Array.from({ length: 16_000 }, () => frame('a', { opcode: 0x0, fin: false }))]))
  t.equal(await closeCode(client), 1008)
  t.same(await ask(), [1, 1])
})

t.test('where the app\'s own WebSocket takes 16,000 fragments, they are a message like any other', async (t) => {
  const { port } = await startApp(t, servers['the app\'s'])
  const client = await rawWebSocket(t, port, '/realtime/ws')
  client.write(Buffer.concat([frame('{', { fin: false }), ...Array.from({ length: 15_998 }, () => frame('a', { opcode: 0x0, fin: false })), frame('', { opcode: 0x0 })]))
  await client.until('FST_REALTIME_MALFORMED')
  client.write(frame(ping))
  t.ok(await client.until('{"ref":1,"ok":true,"data":{}}'))
})

t.test('a socket that is cut in the middle of a frame is gone', async (t: Test) => {
  const { app, port } = await startApp(t)
  const client = await rawWebSocket(t, port, '/realtime/ws')
  const gone = new Promise((resolve) => app.realtime.onDisconnect(resolve))
  client.write(frame('a'.repeat(1_000)).subarray(0, 500))
  client.socket.resetAndDestroy()
  await gone
  t.equal(app.realtime.connectionCount, 0)
})
