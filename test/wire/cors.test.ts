import cors from '@fastify/cors'
import t from 'tap'
import { startApp } from './app.ts'
import { doors, knock } from './doors.ts'

const listed = 'https://www.example.com'
const unlisted = [
  'https://evil.example', 'http://www.example.com', 'https://www.example.com:444', 'https://WWW.example.com', 'https://www.example.com.evil',
  'https://sub.www.example.com', 'https://www.example.com.', 'null', `${listed}, ${listed}`
]

for (const { name, target, method, headers, body, inside } of doors) {
  t.test(`${name}: a listed origin gets in, with CORS headers`, async (t) => {
    const { port } = await startApp(t, { realtime: { origins: [listed] } })
    const answer = await knock(t, port, target, ['host: app.example', `origin: ${listed}`, ...headers], method, body)
    t.equal(answer.status, inside)
    if (inside === 101) return
    t.match(answer.head, /^access-control-allow-origin: https:\/\/www\.example\.com$/mi)
    t.match(answer.head, /^access-control-allow-credentials: true$/mi)
    t.match(answer.head, /^vary: Origin$/mi)
  })

  t.test(`${name}: what is not listed to the letter is refused, without CORS headers`, async (t) => {
    const { port } = await startApp(t, { realtime: { origins: [listed] } })
    for (const origin of unlisted) {
      const { status, head } = await knock(t, port, target, ['host: app.example', `origin: ${origin}`, ...headers], method, body)
      t.equal(status, 403, origin)
      t.notMatch(head, /^access-control-/mi)
      t.match(head, /^vary: Origin$/mi)
    }
  })

  t.test(`${name}: the app's own pages get no CORS headers, and caches are told that it depends`, async (t) => {
    const { port } = await startApp(t, { realtime: { origins: [listed] } })
    const answer = await knock(t, port, target, ['host: app.example', 'origin: https://app.example', ...headers], method, body)
    t.equal(answer.status, inside)
    t.notMatch(answer.head, /^access-control-/mi)
    if (inside !== 101) t.match(answer.head, /^vary: Origin$/mi)
  })
}

t.test('a preflight of a listed origin is answered', async (t) => {
  const { port } = await startApp(t, { realtime: { origins: [listed] } })
  for (const target of ['/realtime/sse', '/realtime/connections/abc']) {
    const { status, head, body } = await knock(t, port, target, [
      'host: app.example', `origin: ${listed}`, 'access-control-request-method: POST', 'access-control-request-headers: content-type, realtime-token, last-event-id'
    ], 'OPTIONS')
    t.equal(status, 204)
    t.equal(body, '')
    t.match(head, /^access-control-allow-origin: https:\/\/www\.example\.com$/mi)
    t.match(head, /^access-control-allow-credentials: true$/mi)
    t.match(head, /^access-control-allow-methods: .*POST/mi)
    for (const name of ['content-type', 'authorization', 'last-event-id', 'realtime-token', 'realtime-origin']) {
      t.match(head, new RegExp(`^access-control-allow-headers: .*\\b${name}\\b`, 'mi'), name)
    }
  }
})

t.test('a preflight of any other origin is refused', async (t) => {
  const { port } = await startApp(t, { realtime: { origins: [listed] } })
  for (const origin of unlisted) {
    const { status, head } = await knock(t, port, '/realtime/sse', ['host: app.example', `origin: ${origin}`, 'access-control-request-method: GET'], 'OPTIONS')
    t.equal(status, 403, origin)
    t.notMatch(head, /^access-control-/mi)
  }
})

t.test('headers that the app has set reach the stream', async (t) => {
  const { port } = await startApp(t, {
    before: async (app) => {
      await app.register(cors, { origin: listed, credentials: true, exposedHeaders: ['x-app'] })
      app.addHook('onRequest', async (_request, reply) => { reply.header('x-app', 'shop').header('set-cookie', ['a=1', 'b=2']) })
    },
    realtime: { origins: [listed] }
  })
  const { status, head } = await knock(t, port, '/realtime/sse', ['host: app.example', `origin: ${listed}`])
  t.equal(status, 200)
  t.equal(head.match(/^access-control-allow-origin: .*$/gmi)?.join(), `access-control-allow-origin: ${listed}`)
  t.match(head, /^access-control-expose-headers: x-app$/mi)
  t.match(head, /^x-app: shop$/mi)
  t.equal(head.match(/^set-cookie: .*$/gmi)?.length, 2)
  t.match(head, /^vary: Origin$/mi)
})

t.test('the app may not turn a stream into something else', async (t) => {
  const { port } = await startApp(t, {
    before: (app) => {
      app.addHook('onRequest', async (_request, reply) => { reply.header('content-type', 'text/html').header('cache-control', 'public') })
    }
  })
  const { head } = await knock(t, port, '/realtime/sse', ['host: app.example'])
  t.match(head, /^content-type: text\/event-stream; charset=utf-8$/mi)
  t.match(head, /^cache-control: no-cache, no-store, no-transform, private$/mi)
})
