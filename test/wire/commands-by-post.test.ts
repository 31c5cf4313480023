import t, { type Test } from 'tap'
import type { RealtimeOptions } from '../../lib/index.ts'
import { startApp, type App } from './app.ts'
import { bystanders } from './bystanders.ts'
import { deepestCommand, malformedCommands, unreadableTexts } from './malformed-commands.ts'
import { openSocket } from './socket.ts'
import { openStream, post, type Posted, type Stream } from './stream.ts'

const ping = '{"ref":1,"type":"ping"}'
const pong = { ref: 1, ok: true, data: {} }

interface Started extends App, Stream {
  path: string
  /** Posts a body for the stream's connection. */
  command: (body: string, headers?: Record<string, string>) => Promise<Posted>
}

async function start (t: Test, options: RealtimeOptions = {}): Promise<Started> {
  const started = await startApp(t, { realtime: { identify: ({ headers }) => headers['x-user'] as string | undefined, ...options, limits: { messagesPerSecond: 100_000, ...options.limits } } })
  const stream = await openStream(t, `${started.url}/realtime/sse?groups=public:lobby`)
  const { connection, token } = stream.opening
  const path = `${started.url}/realtime/connections/${connection}`
  return { ...started, ...stream, path, command: async (body, headers) => await post(path, body, { 'realtime-token': token, ...headers }) }
}

t.test('a command is answered in the response', async (t) => {
  const { command, messages } = await start(t)
  const { status, headers, body } = await command('{"ref":5,"type":"subscribe","group":"public:other"}')
  t.equal(status, 200)
  t.match(headers.get('content-type'), /^application\/json/)
  t.equal(headers.get('cache-control'), 'no-store')
  t.same(body, { ref: 5, ok: true, data: { view: null } })
  t.match(await messages.until(({ event }) => event === 'realtime:joined'), { data: { ref: 5, group: 'public:other' } })
})

t.test('an array is answered with an array, a malformed command in its place', async (t) => {
  const { command } = await start(t)
  const { status, body } = await command(`[${ping},5,{"ref":2,"type":"explode"},[],{"ref":3,"type":"ping"}]`)
  t.equal(status, 200)
  t.match(body, [
    pong,
    { ref: null, ok: false, error: { code: 'FST_REALTIME_MALFORMED' } },
    { ref: 2, ok: false, error: { code: 'FST_REALTIME_MALFORMED' } },
    { ref: null, ok: false, error: { code: 'FST_REALTIME_MALFORMED' } },
    { ref: 3, ok: true, data: {} }
  ])
  t.same((await command('[]')).body, [])
})

t.test('the commands of an array take effect in order', async (t) => {
  const { app, command, messages } = await start(t)
  const leaveAndJoin = '[{"ref":1,"type":"unsubscribe","group":"public:lobby"},{"ref":2,"type":"subscribe","group":"public:lobby"}]'
  t.same((await command(leaveAndJoin)).body, [{ ref: 1, ok: true, data: {} }, { ref: 2, ok: true, data: { view: null } }])
  t.match(await messages.until(({ event }) => event === 'realtime:joined'), { data: { ref: 2 } })
  await app.realtime.toGroup('public:lobby').send('message', 1)
  t.match(await messages.until(({ event }) => event === 'message'), { data: 1 })
  t.same(messages.all.map(({ event }) => event), ['realtime:open', 'realtime:left', 'realtime:joined', 'message'])
})

t.test('canJoin is given the request that the command came with', async (t) => {
  const seen: unknown[] = []
  const { command } = await start(t, { canJoin: ({ request }) => { seen.push(request?.method); return true } })
  await command('{"ref":1,"type":"subscribe","group":"a"}')
  t.same(seen, ['GET', 'POST'])
})

t.test('a hundred commands come in one request, one more is refused', async (t) => {
  const { command } = await start(t)
  const commands = (count: number): string => `[${Array.from({ length: count }, () => ping).join()}]`
  t.same((await command(commands(100))).body, Array.from({ length: 100 }, () => pong))
  t.match(await command(commands(101)), { status: 400, body: { code: 'FST_REALTIME_TOO_MANY_COMMANDS' } })
})

t.test('a malformed command is answered with a code, however many there were', async (t) => {
  const { command } = await start(t)
  for (const [name, { text, ref }] of Object.entries(malformedCommands)) {
    t.match(await command(text), { status: 200, body: { ref, ok: false, error: { code: 'FST_REALTIME_MALFORMED' } } }, name)
  }
  t.same((await command(ping)).body, pong)
  t.equal(({} as { admin?: unknown }).admin, undefined)
})

t.test('what is no JSON is 400', async (t) => {
  const { command } = await start(t)
  for (const [name, text] of Object.entries(unreadableTexts)) {
    t.match(await command(text), { status: 400, body: { statusCode: 400, code: 'FST_REALTIME_MALFORMED' } }, name)
  }
  t.same((await command(ping)).body, pong)
})

t.test('a command may nest up to the limit', async (t) => {
  const { command } = await start(t)
  t.match(await command(deepestCommand), { status: 200, body: { ref: 1, ok: false, error: { code: /^FST_REALTIME_(?!MALFORMED)/ } } })
})

t.test('a body beyond the limit is 413 and names the limit', async (t) => {
  const { command } = await start(t, { limits: { maxMessageBytes: 1_000 } })
  t.same((await command(ping + ' '.repeat(1_000 - ping.length))).body, pong)
  t.match(await command(ping + ' '.repeat(1_001 - ping.length)), {
    status: 413, body: { code: 'FST_REALTIME_TOO_LARGE', message: /limits\.maxMessageBytes.*1000/ }
  })
})

t.test('a body of another type is 415', async (t) => {
  const { command } = await start(t)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a', 'application/jsonp', 'application']) {
    const { status, body } = await command(ping, { 'content-type': type })
    t.equal(status, 415, type)
    t.match(body, { statusCode: 415, code: String })
  }
})

t.test('JSON with a charset is JSON', async (t) => {
  const { command } = await start(t)
  t.same((await command(ping, { 'content-type': 'application/json; charset=utf-8' })).body, pong)
})

t.test('only the holder of the token, as the same user, is answered', async (t) => {
  const { command, path, url } = await start(t)
  const refused = (code: string): object => ({ body: { statusCode: code === 'FST_REALTIME_NOT_FOUND' ? 404 : 403, code } })
  const other = await openStream(t, `${url}/realtime/sse`)
  t.match(await post(`${url}/realtime/connections/unknown`, ping, { 'realtime-token': 'any' }), refused('FST_REALTIME_NOT_FOUND'))
  t.match(await post(path, ping), refused('FST_REALTIME_WRONG_TOKEN'), 'no token')
  t.match(await post(path, ping, { 'realtime-token': 'wrong' }), refused('FST_REALTIME_WRONG_TOKEN'), 'a wrong token')
  t.match(await post(path, ping, { 'realtime-token': '' }), refused('FST_REALTIME_WRONG_TOKEN'), 'an empty token')
  t.match(await command(ping, { 'realtime-token': other.opening.token }), refused('FST_REALTIME_WRONG_TOKEN'), 'the token of another connection')
  t.match(await command(ping, { 'x-user': 'eve' }), refused('FST_REALTIME_WRONG_TOKEN'), 'another user')
  t.same((await command(ping)).body, pong)
})

t.test('a connection that is over is unknown', async (t) => {
  const { command, closed } = await start(t)
  t.match(await command('{"ref":1,"type":"close"}'), { status: 200, body: { ok: true } })
  await closed
  t.match(await command(ping), { status: 404, body: { code: 'FST_REALTIME_NOT_FOUND' } })
})

t.test('commands for a WebSocket may be posted by whoever holds its token', async (t) => {
  const { url } = await start(t)
  const { opening } = await openSocket(t, `${url}/realtime/ws`)
  t.same((await post(`${url}/realtime/connections/${opening.connection}`, ping, { 'realtime-token': opening.token })).body, pong)
})

t.test('whatever is posted, others are still served', async (t) => {
  const started = await start(t)
  const ask = await bystanders(t, started)
  for (const text of [...Object.values(unreadableTexts), ...Object.values(malformedCommands).map(({ text }) => text)]) {
    await started.command(text)
    await started.command(`[${text}]`)
  }
  t.same(await ask(), [1, 1])
})
