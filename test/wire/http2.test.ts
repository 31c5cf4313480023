import { once } from 'node:events'
import { connect, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import realtime, { realtimeOf, type Realtime } from '../../lib/index.ts'
import { Inbox } from './inbox.ts'

async function startHttp2 (t: Test): Promise<{ app: { close (): Promise<void> }, handle: Realtime, session: ClientHttp2Session }> {
  const app = Fastify({ http2: true })
  t.teardown(() => app.close())
  await app.register(realtime)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const session = connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`)
  t.teardown(() => { session.destroy() })
  return { app: { close: async () => { await app.close() } }, handle: realtimeOf(app as never), session }
}

interface Answer {
  stream: ClientHttp2Stream
  headers: IncomingHttpHeaders
  text: Inbox<string>
  ended: Promise<unknown>
}

async function ask (session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string): Promise<Answer> {
  const stream = session.request(headers)
  const text = new Inbox<string>()
  let all = ''
  stream.setEncoding('utf8')
  stream.on('data', (part: string) => { text.add(all += part) })
  const ended = once(stream, 'close').then(() => { text.end(`the stream ended after ${all}`) })
  stream.end(body)
  const [answer] = await once(stream, 'response') as [IncomingHttpHeaders]
  return { stream, headers: answer, text, ended }
}

t.test('a stream over HTTP/2 is live', async (t) => {
  const { handle, session } = await startHttp2(t)
  const { headers, text } = await ask(session, { ':path': '/realtime/sse?groups=public:lobby' })
  t.match(headers, { ':status': 200, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-store, no-transform, private' })
  await text.until((all) => all.includes('realtime:open'))
  const { id } = await handle.toGroup('public:lobby').send('message', 'hello')
  const all = await text.until((all) => all.includes('hello'))
  t.ok(all.endsWith(`id: ${id}\nevent: message\ndata: {"id":"${id}","group":"public:lobby","event":"message","data":"hello"}\n\n`))
})

t.test('many streams share one HTTP/2 session', async (t) => {
  const { handle, session } = await startHttp2(t)
  const answers = await Promise.all(['a', 'b', 'c'].map((name) => ask(session, { ':path': `/realtime/sse?groups=public:${name}` })))
  await Promise.all(answers.map(({ text }) => text.until((all) => all.includes('realtime:open'))))
  await handle.toGroup(['public:a', 'public:b', 'public:c']).send('message', 'hello')
  const texts = await Promise.all(answers.map(({ text }) => text.until((all) => all.includes('hello'))))
  t.same(texts.map((text) => text.match(/"group":"(.*?)"/)?.[1]), ['public:a', 'public:b', 'public:c'])
})

t.test('a stream over HTTP/2 that is cancelled is gone', async (t) => {
  const { handle, session } = await startHttp2(t)
  const { stream, text } = await ask(session, { ':path': '/realtime/sse' })
  await text.until((all) => all.includes('realtime:open'))
  const gone = new Promise((resolve) => handle.onDisconnect(resolve))
  stream.close()
  await gone
  t.equal(handle.connectionCount, 0)
})

t.test('a closing app ends a stream over HTTP/2 with a farewell', async (t) => {
  const { app, session } = await startHttp2(t)
  const { text, ended } = await ask(session, { ':path': '/realtime/sse' })
  await text.until((all) => all.includes('realtime:open'))
  await app.close()
  await text.until((all) => all.includes('event: realtime:close'))
  await t.resolves(ended)
})

t.test('commands are posted over HTTP/2', async (t) => {
  const { handle, session } = await startHttp2(t)
  const { text } = await ask(session, { ':path': '/realtime/sse' })
  const opening = await text.until((all) => all.endsWith('\n\n'))
  const { data } = JSON.parse(/^data: (.*)$/m.exec(opening)![1]!)
  const posted = await ask(session, {
    ':method': 'POST',
    ':path': `/realtime/connections/${data.connection}`,
    'content-type': 'application/json',
    'realtime-token': data.token
  }, '{"ref":1,"type":"subscribe","group":"public:lobby"}')
  t.equal(await posted.text.until((all) => all.endsWith('}}')), '{"ref":1,"ok":true,"data":{"view":null}}')
  await text.until((all) => all.includes('realtime:joined'))
  t.equal(handle.groupSize('public:lobby'), 1)
})

t.test('the WebSocket route answers HTTP/2 with 426 and a code', async (t) => {
  const { session } = await startHttp2(t)
  const { headers, text } = await ask(session, { ':path': '/realtime/ws' })
  t.equal(headers[':status'], 426)
  t.match(JSON.parse(await text.until((all) => all.endsWith('}'))), { statusCode: 426, code: 'FST_REALTIME_UPGRADE_REQUIRED' })
})
