import t from 'tap'
import type { RealtimeOptions } from '../../lib/index.ts'
import { connect, kinds } from './client.ts'
import { hang } from './gate.ts'
import { refused } from './refused.ts'
import { serve } from './server.ts'

type Result = ReturnType<NonNullable<RealtimeOptions['identify']>>

const accepted: Array<[what: string, result: () => unknown, user: string | null]> = [
  ['a string', () => 'ann', 'ann'],
  ['a string of 200 characters', () => 'x'.repeat(200), 'x'.repeat(200)],
  ['an id outside the grammar of groups', () => 'Ann Smith <a@b.c>, 100% 漢字 😀', 'Ann Smith <a@b.c>, 100% 漢字 😀'],
  ['a number', () => 7, '7'],
  ['zero', () => 0, '0'],
  ['a bigint', () => 12345678901234567890n, '12345678901234567890'],
  ['null', () => null, null],
  ['undefined', () => undefined, null],
  ['an object', () => ({ id: 7 }), '7'],
  ['an object with more in it', () => ({ id: 'ann', expiresAt: Date.now() + 60_000, data: { role: 'admin' } }), 'ann'],
  ['a promise', async () => 'ann', 'ann'],
  ['a promise of nobody', async () => null, null]
]

const illegal: Array<[what: string, result: () => unknown]> = [
  ['an empty string', () => ''],
  ['201 characters', () => 'x'.repeat(201)],
  ['a control character', () => 'a\nb'],
  ['NUL', () => 'a\u0000'],
  ['a C1 control character', () => 'a\u0085'],
  ['a lone surrogate', () => 'a\ud800'],
  ['NaN', () => NaN],
  ['Infinity', () => Infinity],
  ['true', () => true],
  ['false', () => false],
  ['a symbol', () => Symbol('ann')],
  ['a function', () => () => 'ann'],
  ['an array', () => ['ann']],
  ['an object without an id', () => ({ user: 'ann' })],
  ['an object whose id is null', () => ({ id: null })],
  ['an object whose id is an object', () => ({ id: { id: 'ann' } })],
  ['an object with an empty id', () => ({ id: '' })],
  ['an object with a getter that throws', () => ({ get id () { throw new Error('no') } })],
  ['data over 4 KiB', () => ({ id: 'ann', data: 'x'.repeat(4_095) })],
  ['data that is no JSON', () => ({ id: 'ann', data: { n: 1n } })],
  ['data that is a function', () => ({ id: 'ann', data: () => 1 })],
  ['expiresAt that is no time', () => ({ id: 'ann', expiresAt: 'tomorrow' })],
  ['expiresAt that is an invalid Date', () => ({ id: 'ann', expiresAt: new Date(NaN) })],
  ['expiresAt that is null', () => ({ id: 'ann', expiresAt: null })],
  ['a throw', () => { throw new Error('the database is down: password=hunter2') }],
  ['a throw of nothing', () => { throw undefined }], // eslint-disable-line no-throw-literal
  ['a rejection', async () => { throw new Error('the database is down: password=hunter2') }]
]

t.test('identify may return', async (t) => {
  let result: () => unknown = () => null
  const { url } = await serve(t, { identify: () => result() as Result })
  for (const [what, returned, user] of accepted) {
    result = returned
    for (const kind of kinds) {
      const client = await connect(t, kind, url)
      t.equal((await client.until('realtime:open')).data.user, user, `${what} (${kind})`)
      client.leave()
    }
  }
})

t.test('anything else refuses, and is never taken for nobody', async (t) => {
  let result: () => unknown = () => null
  const { app, url, warnings } = await serve(t, { identify: () => result() as Result })
  for (const [what, returned] of illegal) {
    result = returned
    for (const kind of kinds) {
      const { status, body } = await refused(kind, url)
      t.equal(status, 401, `${what} (${kind})`)
      t.equal(body.code, 'FST_REALTIME_UNAUTHENTICATED')
      t.notMatch(body.message, /hunter2/)
    }
  }
  t.equal(app.realtime.connectionCount, 0)
  t.equal(app.realtime.metrics().hookFailures, 2 * illegal.length)
  t.equal(app.realtime.metrics().handshakesRefused, 2 * illegal.length)
  t.match(warnings(), Array.from({ length: 2 * illegal.length }, () => ({ hook: 'identify', msg: 'a realtime hook failed, which refuses' })))
})

for (const kind of kinds) {
  t.test(`an error with a status of its own keeps it (${kind})`, async (t) => {
    const { url } = await serve(t, { identify: () => { throw Object.assign(new Error('token expired'), { statusCode: 403, code: 'FST_JWT_EXPIRED' }) } })
    t.match(await refused(kind, url), { status: 403, body: { code: 'FST_JWT_EXPIRED', message: 'token expired' } })
  })

  t.test(`a status of 500 is not shown (${kind})`, async (t) => {
    const { url } = await serve(t, { identify: () => { throw Object.assign(new Error('secret'), { statusCode: 500 }) } })
    const { status, body } = await refused(kind, url)
    t.equal(status, 401)
    t.notMatch(body.message, /secret/)
  })

  t.test(`a hang is cut off by hookTimeout (${kind})`, async (t) => {
    const { app, url } = await serve(t, { identify: hang, limits: { hookTimeout: 20 } })
    t.match(await refused(kind, url), { status: 503, body: { code: 'FST_REALTIME_HOOK_TIMEOUT', message: 'the identify hook took longer than limits.hookTimeout: 20 ms' } })
    t.equal(app.realtime.metrics().hookFailures, 1)
  })

  t.test(`what comes after the time-out changes nothing (${kind})`, async (t) => {
    let fail: (error: Error) => void = () => {}
    const { app, url } = await serve(t, { identify: async () => await new Promise((_resolve, reject) => { fail = reject }), limits: { hookTimeout: 20 } })
    await refused(kind, url)
    fail(new Error('late'))
    await new Promise(setImmediate)
    t.equal(app.realtime.connectionCount, 0)
  })
}

t.test('a posted command is refused where identify names another user by now', async (t) => {
  let user: string | null = 'ann'
  const { url } = await serve(t, { identify: () => user })
  const client = await connect(t, 'sse', url)
  t.match(await client.command({ ref: 1, type: 'ping' }), { ok: true })
  for (user of ['bob', null]) t.match(await client.command({ ref: 2, type: 'ping' }), { code: 'FST_REALTIME_WRONG_TOKEN' })
})

t.test('data stays with the connection, at its limit exactly', async (t) => {
  const data = 'x'.repeat(4_094)
  const seen: unknown[] = []
  const { app, url } = await serve(t, {
    identify: () => ({ id: 'ann', data }),
    canJoin: (question) => {
      seen.push(question.data)
      return true
    }
  })
  app.realtime.onConnect((connection) => { seen.push(connection.data) })
  const client = await connect(t, 'ws', url, { groups: ['a'] })
  await client.command({ ref: 1, type: 'subscribe', group: 'b' })
  t.strictSame(seen, [data, data, data])
})
