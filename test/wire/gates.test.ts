import t from 'tap'
import type { CanJoin } from '../../lib/index.ts'
import { startApp } from './app.ts'
import { openSocket, refusedSocket } from './socket.ts'
import { get, openStream, textOf } from './stream.ts'

const refusal = { statusCode: 403, code: 'FST_REALTIME_FORBIDDEN', refused: ['secret:1', 'secret:2'] }

for (const [name, query] of Object.entries({
  'a list': 'groups=secret:1,public:a,secret:2',
  'groups repeated': 'groups=secret:1&groups=public:a&groups=secret:2',
  'an encoded list': 'groups=secret%3A1%2Cpublic%3Aa%2Csecret%3A2'
})) {
  t.test(`one group refused refuses the stream, and names those refused (${name})`, async (t) => {
    const { app, url } = await startApp(t)
    const response = await get(t, `${url}/realtime/sse?${query}`)
    t.equal(response.statusCode, 403)
    t.match(response.headers['content-type'], /^application\/json/)
    t.match(JSON.parse(await textOf(response)), refusal)
    t.equal(app.realtime.connectionCount, 0)
  })

  t.test(`one group refused refuses the upgrade, and names those refused (${name})`, async (t) => {
    const { app, url } = await startApp(t)
    const response = await refusedSocket(t, `${url}/realtime/ws?${query}`)
    t.equal(response.statusCode, 403)
    t.match(JSON.parse(await textOf(response)), refusal)
    t.equal(app.realtime.connectionCount, 0)
  })

  t.test(`with partial=1 the others are joined, and those refused are listed (${name})`, async (t) => {
    const { app, url } = await startApp(t)
    for (const { opening } of [
      await openStream(t, `${url}/realtime/sse?${query}&partial=1`),
      await openSocket(t, `${url}/realtime/ws?${query}&partial=1`)
    ]) {
      t.same(opening.groups, ['public:a'])
      t.same(opening.refused, ['secret:1', 'secret:2'])
    }
    t.equal(app.realtime.groupSize('public:a'), 2)
    t.equal(app.realtime.groupSize('secret:1'), 0)
  })
}

t.test('partial takes nothing but 1', async (t) => {
  const { url } = await startApp(t)
  for (const value of ['0', 'true', '', '11']) t.equal((await get(t, `${url}/realtime/sse?groups=secret&partial=${value}`)).statusCode, 403)
})

const refusing: Record<string, CanJoin> = {
  'says false': () => false,
  'says something like true': () => 1 as unknown as boolean,
  throws: () => { throw new Error('broken') },
  rejects: async () => { throw new Error('broken') },
  'never answers': () => new Promise(() => {})
}

for (const [name, canJoin] of Object.entries(refusing)) {
  t.test(`a canJoin that ${name} refuses, at the handshake and later`, async (t) => {
    const { app, url } = await startApp(t, { realtime: { canJoin, limits: { hookTimeout: 20 } } })
    t.equal((await get(t, `${url}/realtime/sse?groups=public:a`)).statusCode, 403)
    t.equal((await refusedSocket(t, `${url}/realtime/ws?groups=public:a`)).statusCode, 403)
    const { ws, replies } = await openSocket(t, `${url}/realtime/ws`)
    ws.send('{"ref":1,"type":"subscribe","group":"public:a"}')
    t.match(await replies.until(({ ref }) => ref === 1), { ok: false, error: { code: 'FST_REALTIME_FORBIDDEN' } })
    t.equal(app.realtime.groupSize('public:a'), 0)
  })
}

t.test('an identify that throws, hangs or returns no id refuses', async (t) => {
  const failing: Array<{ identify: () => unknown, status: number, code: string }> = [
    { identify: () => { throw new Error('broken') }, status: 401, code: 'FST_REALTIME_UNAUTHENTICATED' },
    { identify: async () => { throw new Error('broken') }, status: 401, code: 'FST_REALTIME_UNAUTHENTICATED' },
    { identify: () => new Promise(() => {}), status: 503, code: 'FST_REALTIME_HOOK_TIMEOUT' },
    { identify: () => '', status: 401, code: 'FST_REALTIME_UNAUTHENTICATED' },
    { identify: () => true, status: 401, code: 'FST_REALTIME_UNAUTHENTICATED' },
    { identify: () => ({}), status: 401, code: 'FST_REALTIME_UNAUTHENTICATED' },
    { identify: () => 'a\nb', status: 401, code: 'FST_REALTIME_UNAUTHENTICATED' },
    { identify: () => Number.NaN, status: 401, code: 'FST_REALTIME_UNAUTHENTICATED' }
  ]
  for (const { identify, status, code } of failing) {
    const { app, url } = await startApp(t, { realtime: { identify: identify as () => null, limits: { hookTimeout: 20 } } })
    for (const response of [await get(t, `${url}/realtime/sse`), await refusedSocket(t, `${url}/realtime/ws`)]) {
      t.equal(response.statusCode, status, String(identify))
      t.equal(JSON.parse(await textOf(response)).code, code)
    }
    t.equal(app.realtime.connectionCount, 0)
  }
})

t.test('a preHandler of the app\'s that refuses is the answer', async (t) => {
  const { url } = await startApp(t, {
    realtime: { preHandler: async (_request, reply) => await reply.code(401).send({ code: 'NOT_SIGNED_IN' }) }
  })
  for (const response of [await get(t, `${url}/realtime/sse`), await refusedSocket(t, `${url}/realtime/ws`)]) {
    t.equal(response.statusCode, 401)
    t.match(await textOf(response), 'NOT_SIGNED_IN')
  }
})
