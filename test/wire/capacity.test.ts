import type { IncomingMessage } from 'node:http'
import t, { type Test } from 'tap'
import { startApp } from './app.ts'
import { openSocket, refusedSocket } from './socket.ts'
import { get, openStream, textOf } from './stream.ts'

async function refusals (t: Test, url: string, query = '', headers: Record<string, string> = {}): Promise<IncomingMessage[]> {
  return [await get(t, `${url}/realtime/sse${query}`, { headers }), await refusedSocket(t, `${url}/realtime/ws${query}`, { headers })]
}

const bySession = { identify: ({ headers }: { headers: Record<string, unknown> }) => headers['x-user'] as string | undefined }

t.test('over capacity both transports are told when to come back', async (t) => {
  const { url } = await startApp(t, { realtime: { limits: { maxConnections: 2 } } })
  await openStream(t, `${url}/realtime/sse`)
  await openSocket(t, `${url}/realtime/ws`)
  for (const response of await refusals(t, url)) {
    t.equal(response.statusCode, 503)
    t.match(response.headers['retry-after'], /^[1-9]\d*$/)
    t.match(JSON.parse(await textOf(response)), { code: 'FST_REALTIME_OVER_CAPACITY', message: /limits\.maxConnections.*2/ })
  }
})

t.test('over capacity, nobody is asked who it is', async (t) => {
  let asked = 0
  const { url } = await startApp(t, {
    realtime: {
      identify: () => {
        asked++
        return null
      },
      limits: { maxConnections: 1 }
    }
  })
  await openStream(t, `${url}/realtime/sse`)
  await refusals(t, url)
  t.equal(asked, 1)
})

t.test('who leaves makes room', async (t) => {
  const { app, url } = await startApp(t, { realtime: { limits: { maxConnections: 1 } } })
  for (let round = 0; round < 3; round++) {
    const { response } = await openStream(t, `${url}/realtime/sse`)
    const gone = new Promise((resolve) => app.realtime.onDisconnect(resolve))
    response.destroy()
    await gone
    const { ws } = await openSocket(t, `${url}/realtime/ws`)
    const goneToo = new Promise((resolve) => app.realtime.onDisconnect(resolve))
    ws.terminate()
    await goneToo
  }
  t.equal(app.realtime.connectionCount, 0)
})

t.test('who is refused takes up no room', async (t) => {
  const { url } = await startApp(t, { realtime: { limits: { maxConnections: 1 } } })
  for (let round = 0; round < 3; round++) {
    for (const response of await refusals(t, url, '?groups=secret')) t.equal(response.statusCode, 403)
  }
  t.ok(await openStream(t, `${url}/realtime/sse`))
})

t.test('handshakes that are decided at the same time do not exceed the limit', async (t) => {
  const { app, url } = await startApp(t, {
    realtime: {
      canJoin: async () => {
        await new Promise((resolve) => { setImmediate(resolve) })
        return true
      },
      limits: { maxConnections: 3 }
    }
  })
  const answers = await Promise.all(Array.from({ length: 12 }, () => get(t, `${url}/realtime/sse?groups=a`)))
  t.same(answers.map(({ statusCode }) => statusCode).sort(), [200, 200, 200, 503, 503, 503, 503, 503, 503, 503, 503, 503])
  t.equal(app.realtime.connectionCount, 3)
})

t.test('a user has a share, others theirs, and the anonymous none', async (t) => {
  const { url } = await startApp(t, { realtime: { ...bySession, limits: { maxConnectionsPerUser: 2 } } })
  await openStream(t, `${url}/realtime/sse`, { headers: { 'x-user': 'ada' } })
  await openSocket(t, `${url}/realtime/ws`, { headers: { 'x-user': 'ada' } })
  for (const response of await refusals(t, url, '', { 'x-user': 'ada' })) {
    t.equal(response.statusCode, 429)
    t.match(response.headers['retry-after'], /^[1-9]\d*$/)
    t.match(JSON.parse(await textOf(response)), { code: 'FST_REALTIME_TOO_MANY_CONNECTIONS', message: /limits\.maxConnectionsPerUser.*2/ })
  }
  t.ok(await openStream(t, `${url}/realtime/sse`, { headers: { 'x-user': 'eve' } }))
  for (let i = 0; i < 3; i++) t.ok(await openStream(t, `${url}/realtime/sse`))
})

t.test('an address has a share, where that is asked for', async (t) => {
  const { url } = await startApp(t, { fastify: { trustProxy: true }, realtime: { limits: { maxConnectionsPerAddress: 1 } } })
  await openStream(t, `${url}/realtime/sse`, { headers: { 'x-forwarded-for': '192.0.2.1' } })
  for (const response of await refusals(t, url, '', { 'x-forwarded-for': '192.0.2.1' })) {
    t.equal(response.statusCode, 429)
    t.match(JSON.parse(await textOf(response)), { code: 'FST_REALTIME_TOO_MANY_CONNECTIONS', message: /limits\.maxConnectionsPerAddress.*1/ })
  }
  t.ok(await openStream(t, `${url}/realtime/sse`, { headers: { 'x-forwarded-for': '192.0.2.2' } }))
})

t.test('more groups than allowed refuse the handshake, repetitions do not count', async (t) => {
  const { url } = await startApp(t, { realtime: { limits: { maxGroupsPerConnection: 2 } } })
  for (const response of await refusals(t, url, '?groups=public:a,public:b,public:c')) {
    t.equal(response.statusCode, 400)
    t.match(JSON.parse(await textOf(response)), { code: 'FST_REALTIME_TOO_MANY_GROUPS', message: /limits\.maxGroupsPerConnection.*2/ })
  }
  t.ok(await openStream(t, `${url}/realtime/sse?groups=public:a,public:b,public:a`))
})

t.test('more groups than allowed are refused in-band, and leaving makes room', async (t) => {
  const { url } = await startApp(t, { realtime: { limits: { maxGroupsPerConnection: 2 } } })
  const { ws, replies } = await openSocket(t, `${url}/realtime/ws?groups=public:a`)
  const ask = async (ref: number, type: string, group: string): Promise<unknown> => {
    ws.send(JSON.stringify({ ref, type, group }))
    return await replies.until((reply) => reply.ref === ref)
  }
  t.match(await ask(1, 'subscribe', 'public:b'), { ok: true })
  t.match(await ask(2, 'subscribe', 'public:c'), { ok: false, error: { code: 'FST_REALTIME_TOO_MANY_GROUPS' } })
  t.match(await ask(3, 'subscribe', 'public:b'), { ok: true }, 'one that it is in')
  t.match(await ask(4, 'unsubscribe', 'public:a'), { ok: true })
  t.match(await ask(5, 'subscribe', 'public:c'), { ok: true })
})

t.test('joins that are decided at the same time do not exceed the limit', async (t) => {
  const { app, url } = await startApp(t, {
    realtime: {
      canJoin: async () => {
        await new Promise((resolve) => { setImmediate(resolve) })
        return true
      },
      limits: { maxGroupsPerConnection: 3 }
    }
  })
  const { ws, replies } = await openSocket(t, `${url}/realtime/ws`)
  for (let ref = 1; ref <= 10; ref++) ws.send(`{"ref":${ref},"type":"subscribe","group":"room:${ref}"}`)
  await replies.until(() => replies.all.length === 10)
  t.equal(replies.all.filter(({ ok }) => ok).length, 3)
  const [connection] = await app.realtime.connections()
  t.equal(connection?.groups.length, 3)
})
