import t from 'tap'
import { startApp } from './app.ts'
import { bystanders } from './bystanders.ts'
import { openSocket } from './socket.ts'
import { openStream, post } from './stream.ts'

const ping = (ref: number): string => `{"ref":${ref},"type":"ping"}`

t.test('beyond twice the rate at once, messages are refused with a code', async (t) => {
  const { url } = await startApp(t, { realtime: { limits: { messagesPerSecond: 1 } } })
  const { ws, replies } = await openSocket(t, `${url}/realtime/ws`)
  for (let ref = 1; ref <= 3; ref++) ws.send(ping(ref))
  await replies.until(() => replies.all.length === 3)
  t.match(replies.all.filter(({ ok }) => ok), [{ ref: 1 }, { ref: 2 }])
  t.match(replies.all.find(({ ok }) => !ok), { error: { code: 'FST_REALTIME_TOO_MANY_MESSAGES', message: /limits\.messagesPerSecond.*1/ } })
})

t.test('who goes on regardless is closed with 4429, and nobody else', async (t) => {
  const started = await startApp(t, { realtime: { limits: { messagesPerSecond: 5 } } })
  const ask = await bystanders(t, started)
  const { ws, messages, closed } = await openSocket(t, `${started.url}/realtime/ws`)
  for (let ref = 1; ref <= 1_000; ref++) ws.send(ping(ref))
  t.equal(await closed, 4429)
  t.match(messages.all.at(-1), { event: 'realtime:close', data: { reason: 'too-many-messages', retry: true } })
  t.same(await ask(), [1, 1])
})

t.test('malformed messages count too', async (t) => {
  const { url } = await startApp(t, { realtime: { limits: { messagesPerSecond: 1 } } })
  const { ws, replies } = await openSocket(t, `${url}/realtime/ws`)
  for (let i = 0; i < 3; i++) ws.send('no JSON')
  await replies.until(({ error }) => error?.code === 'FST_REALTIME_TOO_MANY_MESSAGES')
  t.equal(replies.all.filter(({ error }) => error?.code === 'FST_REALTIME_MALFORMED').length, 2)
})

t.test('posted beyond the rate, a request is 429 with Retry-After, and the stream goes on', async (t) => {
  const { app, url } = await startApp(t, { realtime: { limits: { messagesPerSecond: 1 } } })
  const { opening, messages } = await openStream(t, `${url}/realtime/sse?groups=public:lobby`)
  const command = async (body: string): Promise<unknown> => await post(`${url}/realtime/connections/${opening.connection}`, body, { 'realtime-token': opening.token })
  t.match(await command(`[${ping(1)},${ping(2)}]`), { status: 200, body: [{ ok: true }, { ok: true }] })
  for (let i = 0; i < 10; i++) {
    const refused = await command(ping(3)) as { status: number, headers: Headers, body: unknown }
    t.match(refused, { status: 429, body: { statusCode: 429, code: 'FST_REALTIME_TOO_MANY_MESSAGES' } })
    t.match(refused.headers.get('retry-after'), /^\d+$/)
  }
  await app.realtime.toGroup('public:lobby').send('message', 'hello')
  t.ok(await messages.until(({ data }) => data === 'hello'))
})
