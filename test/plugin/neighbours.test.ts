import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import t from 'tap'
import realtime, { type RealtimeOptions } from '../../lib/index.ts'
import { connect, kinds } from './client.ts'
import { createApp, listen } from './server.ts'

const options: RealtimeOptions = { drainTimeout: 200, reconnectSpread: 0 }

t.test('with @fastify/cors its headers are on the stream, next to ours', async (t) => {
  const { app } = createApp(t)
  await app.register(cors, { origin: 'https://a.example', credentials: true, exposedHeaders: ['x-request-id'] })
  await app.register(realtime, { ...options, origins: ['https://a.example'] })
  const { headers } = await connect(t, 'sse', await listen(app), { headers: { origin: 'https://a.example' } })
  t.match(headers, {
    'access-control-allow-origin': 'https://a.example',
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'x-request-id',
    'content-type': 'text/event-stream; charset=utf-8',
    vary: /^Origin$/i
  })
})

t.test('with @fastify/cors a foreign origin is still refused', async (t) => {
  const { app } = createApp(t)
  await app.register(cors, { origin: true })
  await app.register(realtime, options)
  const response = await fetch(new URL('/realtime/sse', await listen(app)), { headers: { origin: 'https://evil.example' } })
  t.equal(response.status, 403)
  t.match(await response.json(), { code: 'FST_REALTIME_FOREIGN_ORIGIN' })
})

t.test('with @fastify/compress a stream is not compressed, and every event comes at once', async (t) => {
  const { app } = createApp(t)
  await app.register(compress, { global: true, threshold: 0 })
  await app.register(realtime, options)
  const client = await connect(t, 'sse', await listen(app), { headers: { 'accept-encoding': 'gzip, br' }, groups: ['public:a'] })
  t.equal(client.headers['content-encoding'], undefined)
  t.match(client.headers['cache-control'], /no-transform/)
  await app.realtime.toGroup('public:a').send('hello', 'x'.repeat(10_000))
  t.equal((await client.until('hello')).data.length, 10_000)
})

t.test('with @fastify/compress commands are answered', async (t) => {
  const { app } = createApp(t)
  await app.register(compress, { global: true, threshold: 0 })
  await app.register(realtime, options)
  const client = await connect(t, 'sse', await listen(app))
  t.match(await client.command({ ref: 1, type: 'ping' }), { ref: 1, ok: true })
})

t.test('with @fastify/helmet its headers are on the stream', async (t) => {
  const { app } = createApp(t)
  await app.register(helmet)
  await app.register(realtime, options)
  const { headers } = await connect(t, 'sse', await listen(app))
  t.match(headers, { 'x-content-type-options': 'nosniff', 'content-security-policy': /default-src/, 'x-accel-buffering': 'no' })
})

for (const kind of kinds) {
  t.test(`with @fastify/cookie identify may read cookies (${kind})`, async (t) => {
    const { app } = createApp(t)
    await app.register(cookie)
    await app.register(realtime, { ...options, identify: (request) => request.cookies['user'] })
    const client = await connect(t, kind, await listen(app), { headers: { cookie: 'user=ann' } })
    t.equal((await client.until('realtime:open')).data.user, 'ann')
    t.match(await client.command({ ref: 1, type: 'ping' }), { ok: true })
  })
}

t.test('headers that hooks set are on the stream', async (t) => {
  const { app } = createApp(t)
  app.addHook('onRequest', async (_request, reply) => { reply.header('x-first', 'a') })
  await app.register(realtime, { ...options, preHandler: async (_request, reply) => { reply.header('x-second', 'b') } })
  const { headers } = await connect(t, 'sse', await listen(app))
  t.match(headers, { 'x-first': 'a', 'x-second': 'b' })
})

t.test('what an app sets for its own answers does not replace what a stream needs', async (t) => {
  const { app } = createApp(t)
  app.addHook('onRequest', async (_request, reply) => { reply.header('cache-control', 'public, max-age=60').header('content-type', 'text/plain') })
  await app.register(realtime, options)
  const { headers } = await connect(t, 'sse', await listen(app))
  t.equal(headers['content-type'], 'text/event-stream; charset=utf-8')
  t.equal(headers['cache-control'], 'no-cache, no-store, no-transform, private')
})
