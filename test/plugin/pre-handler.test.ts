import t from 'tap'
import type { PreHandler } from '../../lib/index.ts'
import { connect, kinds } from './client.ts'
import { refused } from './refused.ts'
import { serve } from './server.ts'

/** Lets in who knows the password, and names them for `identify`. */
const authenticate: PreHandler = async (request, reply) => {
  if (request.headers['password'] !== 'sesame') return await reply.code(401).header('www-authenticate', 'Basic').send({ statusCode: 401, code: 'NO', message: 'who are you?' })
  request.headers['user'] = 'ann'
}

const withCallback: PreHandler = (request, reply, done) => {
  authenticate.call(request.server, request, reply, done)
  if (request.headers['user'] !== undefined) setImmediate(done)
}

const forms: Record<string, PreHandler | PreHandler[]> = {
  'an async hook': authenticate,
  'a hook with a callback': withCallback,
  'an array': [async () => {}, authenticate, (_request, _reply, done) => { done() }]
}

for (const kind of kinds) {
  for (const [form, preHandler] of Object.entries(forms)) {
    t.test(`${form} runs before identify, and may answer itself (${kind})`, async (t) => {
      let asked = 0
      const { app, url } = await serve(t, {
        preHandler,
        identify: (request) => {
          asked++
          return request.headers['user'] as string
        }
      })
      t.match(await refused(kind, url), { status: 401, headers: { 'www-authenticate': 'Basic' }, body: { code: 'NO', message: 'who are you?' } })
      t.equal(asked, 0)
      const client = await connect(t, kind, url, { headers: { password: 'sesame' } })
      t.match(await client.until('realtime:open'), { data: { user: 'ann' } })
      t.equal(app.realtime.connectionCount, 1)
      t.match(await client.command({ ref: 1, type: 'ping' }), { ok: true })
    })
  }

  t.test(`one that answers itself gives its seat back (${kind})`, async (t) => {
    const { url } = await serve(t, { preHandler: authenticate, limits: { maxConnections: 1 } })
    for (let i = 0; i < 3; i++) t.equal((await refused(kind, url)).status, 401)
    await connect(t, kind, url, { headers: { password: 'sesame' } })
  })

  t.test(`an error below 500 is shown, any other is logged and hidden (${kind})`, async (t) => {
    let error: unknown
    const { url, warnings } = await serve(t, { preHandler: async () => { throw error } })
    error = Object.assign(new Error('not you'), { statusCode: 403 })
    t.match(await refused(kind, url), { status: 403, body: { code: 'FST_REALTIME_FORBIDDEN', message: 'not you' } })
    error = new Error('secret')
    const { status, body } = await refused(kind, url)
    t.equal(status, 500)
    t.strictSame(body, { statusCode: 500, code: 'FST_REALTIME_HOOK_FAILED', error: 'Internal Server Error', message: 'the server failed to answer' })
    t.match(warnings(), [{ err: { message: 'secret' } }])
  })

  t.test(`one that hangs is cut off by handshakeTimeout (${kind})`, async (t) => {
    const { url } = await serve(t, { preHandler: () => {}, limits: { handshakeTimeout: 30, maxConnections: 1 } })
    for (let i = 0; i < 2; i++) {
      t.match(await refused(kind, url), {
        status: 503, headers: { 'retry-after': /^\d+$/ }, body: { code: 'FST_REALTIME_HANDSHAKE_TIMEOUT', message: 'the handshake took longer than limits.handshakeTimeout: 30 ms' }
      })
    }
  })

  t.test(`one that answers after the time-out changes nothing (${kind})`, async (t) => {
    let late: () => void = () => {}
    const { app, url } = await serve(t, { preHandler: (_request, _reply, done) => { late = done }, limits: { handshakeTimeout: 30 } })
    t.equal((await refused(kind, url)).status, 503)
    late()
    await new Promise(setImmediate)
    t.equal(app.realtime.connectionCount, 0)
  })
}

t.test('it runs on commands too', async (t) => {
  const { url } = await serve(t, { preHandler: authenticate })
  const response = await fetch(`${url}/realtime/connections/none`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
  t.match(await response.json(), { code: 'NO' })
})

t.test('what carries no data needs no sign-in', async (t) => {
  const { url } = await serve(t, { preHandler: authenticate, origins: ['https://a.example'] })
  const response = await fetch(`${url}/realtime/sse`, { method: 'OPTIONS', headers: { origin: 'https://a.example' } })
  t.equal(response.status, 204)
})
