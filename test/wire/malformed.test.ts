import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { startApp, type App } from './app.ts'
import { deepestCommand, malformedCommands, unreadableTexts } from './malformed-commands.ts'
import { openSocket, type Socket } from './socket.ts'
import { bystanders } from './bystanders.ts'

/** So that none of this is refused for its rate. */
const unhurried = { limits: { messagesPerSecond: 100_000 } }

async function start (t: Test): Promise<App & Socket & { ask: (frame: string | Buffer) => Promise<unknown> }> {
  const started = await startApp(t, { realtime: unhurried })
  const socket = await openSocket(t, `${started.url}/realtime/ws?groups=public:lobby`)
  const ask = async (frame: string | Buffer): Promise<unknown> => {
    const count = socket.replies.all.length
    socket.ws.send(frame)
    return await socket.replies.until(() => socket.replies.all.length > count)
  }
  return { ...started, ...socket, ask }
}

t.test('a malformed command is answered with a code, and the connection goes on', async (t) => {
  const { ask } = await start(t)
  for (const [name, { text, ref }] of Object.entries(malformedCommands)) {
    t.match(await ask(text), { ref, ok: false, error: { code: 'FST_REALTIME_MALFORMED' } }, name)
    t.same(await ask('{"ref":7,"type":"ping"}'), { ref: 7, ok: true, data: {} })
  }
  t.equal(({} as { admin?: unknown }).admin, undefined, 'and nothing has got into a prototype')
})

t.test('what is no JSON is answered with a code, and the connection goes on', async (t) => {
  const { ask } = await start(t)
  for (const [name, text] of Object.entries(unreadableTexts)) {
    t.match(await ask(text), { ref: null, ok: false, error: { code: 'FST_REALTIME_MALFORMED' } }, name)
    t.same(await ask('{"ref":7,"type":"ping"}'), { ref: 7, ok: true, data: {} })
  }
})

t.test('a frame is one command, never an array', async (t) => {
  const { ask } = await start(t)
  t.match(await ask('[{"ref":1,"type":"ping"}]'), { ref: null, ok: false, error: { code: 'FST_REALTIME_MALFORMED' } })
  t.match(await ask('[]'), { ref: null, ok: false, error: { code: 'FST_REALTIME_MALFORMED' } })
})

t.test('a binary frame is answered with a code, whatever it holds', async (t) => {
  const { ask } = await start(t)
  for (const bytes of [Buffer.alloc(0), Buffer.from([0xa2, 0x00]), Buffer.from('{"ref":1,"type":"ping"}')]) {
    t.match(await ask(bytes), { ref: null, ok: false, error: { code: 'FST_REALTIME_MALFORMED' } })
  }
})

t.test('a command may nest up to the limit', async (t) => {
  const { ask } = await start(t)
  t.match(await ask(deepestCommand), { ref: 1, ok: false, error: { code: /^FST_REALTIME_(?!MALFORMED)/ } }, 'it is refused as the event that it is')
})

t.test('ten malformed frames in a row are answered, one more closes with 4400', async (t) => {
  const { ws, replies, messages, closed } = await start(t)
  for (let i = 0; i < 11; i++) ws.send(i % 2 === 0 ? 'no JSON' : '{"ref":1,"type":"explode"}')
  t.equal(await closed, 4400)
  t.equal(replies.all.length, 10)
  t.match(messages.all.at(-1), { event: 'realtime:close', data: { reason: 'malformed', retry: false } })
})

t.test('a good frame behind ten malformed ones starts the count anew', async (t) => {
  for (const bad of ['no JSON', '{"ref":1,"type":"explode"}', Buffer.from([1])]) {
    const { ws, replies } = await start(t)
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 10; i++) ws.send(bad)
      ws.send(`{"ref":${100 + round},"type":"ping"}`)
    }
    t.match(await replies.until(({ ref }) => ref === 102), { ok: true })
    t.equal(replies.all.length, 33)
    t.equal(ws.readyState, WebSocket.OPEN)
  }
})

t.test('whatever one sends, others are still served', async (t) => {
  const started = await startApp(t, { realtime: unhurried })
  const ask = await bystanders(t, started)
  for (const text of [...Object.values(unreadableTexts), ...Object.values(malformedCommands).map(({ text }) => text)]) {
    const { ws, replies } = await openSocket(t, `${started.url}/realtime/ws`)
    for (let i = 0; i < 11; i++) ws.send(text)
    await replies.until(({ ok }) => !ok)
    ws.terminate()
  }
  t.same(await ask(), [1, 1])
})
