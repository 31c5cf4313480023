import t, { type Test } from 'tap'
import Fastify, { type FastifyInstance } from 'fastify'
import realtime from '../../lib/index.ts'
import { Inbox } from './inbox.ts'

async function injectStream (t: Test): Promise<{ app: FastifyInstance, abort: AbortController, headers: Record<string, unknown>, text: Inbox<string> }> {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(realtime)
  const abort = new AbortController()
  const response = await app.inject({ url: '/realtime/sse?groups=public:lobby', payloadAsStream: true, signal: abort.signal })
  const text = new Inbox<string>()
  let all = ''
  const stream = response.stream()
  stream.setEncoding('utf8')
  stream.on('data', (part: string) => { text.add(all += part) })
  stream.on('error', () => {})
  stream.on('close', () => { text.end(`the stream ended after ${all}`) })
  await text.until((all) => all.includes('realtime:open'))
  return { app, abort, headers: response.headers, text }
}

t.test('an injected request gets a live stream', async (t) => {
  const { app, headers, text } = await injectStream(t)
  t.equal(headers['content-type'], 'text/event-stream; charset=utf-8')
  const { id } = await app.realtime.toGroup('public:lobby').send('message', 'hello')
  const all = await text.until((all) => all.includes('hello'))
  t.match(all, /^id: .*\nevent: realtime:open\ndata: .*\n\nid: .*\nevent: message\ndata: .*\n\n$/)
  t.ok(all.endsWith(`data: {"id":"${id}","group":"public:lobby","event":"message","data":"hello"}\n\n`))
})

t.test('an injected stream that is aborted is gone', async (t) => {
  const { app, abort } = await injectStream(t)
  const gone = new Promise((resolve) => app.realtime.onDisconnect(resolve))
  abort.abort()
  await gone
  t.equal(app.realtime.connectionCount, 0)
})

t.test('a closing app ends an injected stream with a farewell', async (t) => {
  const { app, text } = await injectStream(t)
  await app.close()
  t.match(await text.until((all) => all.includes('realtime:close')), /\nretry: \d+\nevent: realtime:close\n/)
})

t.test('an injected request that is refused is answered', async (t) => {
  const { app } = await injectStream(t)
  const response = await app.inject('/realtime/sse?groups=secret')
  t.equal(response.statusCode, 403)
  t.match(response.json(), { code: 'FST_REALTIME_FORBIDDEN', refused: ['secret'] })
})
