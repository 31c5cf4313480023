import type { FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import t, { type Test } from 'tap'
import realtime from '../../lib/index.ts'
import { connect, kinds } from './client.ts'
import { createApp, listen } from './server.ts'

/** What an app may do to all its routes; the plugin's must be the same with it. */
const apps: Record<string, (app: FastifyInstance) => void> = {
  'validator and serialiser compilers of zod': (app) => {
    app.setValidatorCompiler(validatorCompiler)
    app.setSerializerCompiler(serializerCompiler)
  },
  'an error handler': (app) => {
    app.setErrorHandler((_error, _request, reply) => { reply.code(418).send('teapot') })
  },
  'a reply serialiser': (app) => {
    app.setReplySerializer(() => '"serialised"')
  },
  'a parser for JSON': (app) => {
    app.removeContentTypeParser('application/json')
    app.addContentTypeParser('application/json', { parseAs: 'string' }, async () => ({ parsed: true }))
  },
  'a parser for everything': (app) => {
    app.addContentTypeParser('*', { parseAs: 'string' }, async (_request: unknown, body: string) => body)
  },
  'no parser at all': (app) => {
    app.removeAllContentTypeParsers()
  },
  'a not-found handler': (app) => {
    app.setNotFoundHandler((_request, reply) => { reply.code(418).send('teapot') })
  },
  'hooks on its answers': (app) => {
    app.addHook('preSerialization', async (_request, _reply, payload) => ({ data: payload }))
    app.addHook('onSend', async (_request, reply, payload) => {
      reply.header('x-sent', 'yes')
      return payload
    })
  },
  'a parser for bodies that adds a hook': (app) => {
    app.addHook('preParsing', async (_request, reply, payload) => {
      reply.header('x-parsed', 'yes')
      return payload
    })
  }
}

for (const [name, change] of Object.entries(apps)) {
  t.test(`in an app with ${name}`, async (t) => {
    const { app } = createApp(t)
    change(app)
    await app.register(realtime, { drainTimeout: 200, reconnectSpread: 0 })
    await checkRoutes(t, app)
  })
}

t.test('in an app with a query string parser', async (t) => {
  const { app } = createApp(t, { routerOptions: { querystringParser: () => ({ groups: 'private', partial: 'no' }) } })
  await app.register(realtime, { drainTimeout: 200, reconnectSpread: 0 })
  await checkRoutes(t, app)
})

/** Tries each kind of answer that the plugin's routes give. */
async function checkRoutes (t: Test, app: FastifyInstance): Promise<void> {
  const url = await listen(app)
  for (const kind of kinds) {
    const client = await connect(t, kind, url, { groups: ['public:a', 'b'], query: { partial: '1' } })
    t.match(await client.until('realtime:open'), { data: { groups: ['public:a'], refused: ['b'] } })
    t.strictSame(await client.command({ ref: 1, type: 'ping' }), { ref: 1, ok: true, data: {} })
    t.match(await client.command({ ref: 2, type: 'subscribe', group: 'b' }), { ref: 2, ok: false, error: { code: 'FST_REALTIME_FORBIDDEN' } })
    await app.realtime.toGroup('public:a').send('hello', { a: 1 })
    t.strictSame((await client.until('hello')).data, { a: 1 })
  }
  t.strictSame(await refusal(`${url}/realtime/sse?groups=b`), {
    status: 403,
    type: 'application/json; charset=utf-8',
    body: { statusCode: 403, code: 'FST_REALTIME_FORBIDDEN', error: 'Forbidden', message: 'not allowed: to join 1 of 1 groups', refused: ['b'] }
  })
  t.match(await refusal(`${url}/realtime/connections/none`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }), {
    status: 404, body: { code: 'FST_REALTIME_NOT_FOUND' }
  })
  t.match(await refusal(`${url}/realtime/connections/none`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }), {
    status: 400, body: { code: 'FST_REALTIME_MALFORMED' }
  })
  t.match(await refusal(`${url}/realtime/connections/none`, { method: 'POST', body: 'a=b', headers: { 'content-type': 'text/plain' } }), { status: 415 })
}

async function refusal (url: string, init: RequestInit = {}): Promise<{ status: number, type: string | null, body: unknown }> {
  const response = await fetch(url, init)
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() }
}
