import { once } from 'node:events'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { connect, type ClientOptions, type Realtime, type Status } from '../../lib/client/index.ts'
import realtime from '../../lib/index.ts'

/** An app that takes the bearer token for the user's id. */
async function listening (t: Test): Promise<{ app: FastifyInstance, url: string }> {
  const app = Fastify({ forceCloseConnections: true })
  await app.register(realtime, {
    identify: ({ headers }) => headers.authorization?.replace('Bearer ', ''),
    canJoin: ({ user, group }) => group.startsWith('public:') || group === `inbox:${user}`,
    models: { post: { group: 'public:posts', fields: ['id', 'title'] } },
    reconnectSpread: 0
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  return { app, url: `${address}/realtime` }
}

function client (t: Test, options: ClientOptions): Realtime {
  const realtime = connect(options)
  t.teardown(() => realtime.close())
  return realtime
}

/** What comes in, to be awaited one by one. */
function inbox (): { put: (value: unknown) => void, next: () => Promise<unknown> } {
  const values: unknown[] = []
  const arrivals = new EventTarget()
  return {
    put (value) {
      values.push(value)
      arrivals.dispatchEvent(new Event('arrival'))
    },
    async next () {
      while (values.length === 0) await once(arrivals, 'arrival')
      return values.shift()
    }
  }
}

async function become (realtime: Realtime, state: Status['state']): Promise<Status> {
  const { put, next } = inbox()
  const remove = realtime.onStatus(put)
  let status = realtime.status
  while (status.state !== state) status = await next() as Status
  remove()
  return status
}

t.test('messages of a group arrive in order', async (t) => {
  const { app, url } = await listening(t)
  const realtime = client(t, { url })
  const { put, next } = inbox()
  realtime.subscribe('public:a', { say: put })
  await realtime.ready()
  for (const n of [1, 2, 3]) app.realtime.toGroup('public:a').send('say', { n })
  t.same([await next(), await next(), await next()], [{ n: 1 }, { n: 2 }, { n: 3 }])
})

t.test('a group is joined and left within the connection', async (t) => {
  const { app, url } = await listening(t)
  const realtime = client(t, { url })
  const joins = inbox()
  const leaves = inbox()
  app.realtime.onJoin('public:b', () => { joins.put('b') })
  app.realtime.onLeave('public:b', () => { leaves.put('b') })
  realtime.subscribe('public:a', {})
  await realtime.ready()
  const { connection } = await become(realtime, 'connected') as { connection: string }
  const { put, next } = inbox()
  const subscription = realtime.subscribe('public:b', { say: put })
  await joins.next()
  app.realtime.toGroup('public:b').send('say', 'hi')
  t.equal(await next(), 'hi')
  subscription.unsubscribe()
  await leaves.next()
  t.match(realtime.status, { state: 'connected', connection })
})

t.test('refused groups are told, at the handshake and later', async (t) => {
  const { url } = await listening(t)
  const realtime = client(t, { url })
  const { put, next } = inbox()
  realtime.subscribe(['public:a', 'inbox:7'], { error: put })
  t.same(await next(), { group: 'inbox:7', reason: 'FST_REALTIME_FORBIDDEN' })
  realtime.subscribe('inbox:8', { error: put })
  t.same(await next(), { group: 'inbox:8', reason: 'FST_REALTIME_FORBIDDEN' })
  t.equal(realtime.status.state, 'connected')
})

t.test('what goes to the user, to everyone and to the connection arrives', async (t) => {
  const { app, url } = await listening(t)
  const realtime = client(t, { url, token: () => '42' })
  const { put, next } = inbox()
  for (const name of ['@user', '@all', '@connection', 'inbox:42']) realtime.subscribe(name, { say: put })
  const { connection, user } = await become(realtime, 'connected') as { connection: string, user: string }
  t.equal(user, '42')
  app.realtime.toUser(42).send('say', 'user')
  t.equal(await next(), 'user')
  app.realtime.broadcast().send('say', 'all')
  t.equal(await next(), 'all')
  await app.realtime.toConnection(connection).send('say', 'connection')
  t.equal(await next(), 'connection')
  app.realtime.toGroup('inbox:42').send('say', 'inbox')
  t.equal(await next(), 'inbox')
})

t.test('changes of a model arrive', async (t) => {
  const { app, url } = await listening(t)
  const realtime = client(t, { url })
  const { put, next } = inbox()
  realtime.model('post', { created: put, deleted: (data, { key }) => put([data, key]) }, { group: 'public:posts' })
  await realtime.ready()
  app.realtime.model('post').created({ id: 1, title: 'a', secret: 'b' })
  t.same(await next(), { id: 1, title: 'a' })
  app.realtime.model('post').deleted({ id: 1, title: 'a', secret: 'b' })
  t.same(await next(), [{ id: 1 }, 1])
})

t.test('a connection that is cut comes back, in all its groups', async (t) => {
  const { app, url } = await listening(t)
  const realtime = client(t, { url })
  const joins = inbox()
  app.realtime.onJoin('public:b', () => { joins.put('b') })
  const { put, next } = inbox()
  realtime.subscribe('public:a', { say: put })
  await realtime.ready()
  realtime.subscribe('public:b', { say: put })
  await joins.next()
  app.server.closeAllConnections()
  await become(realtime, 'reconnecting')
  await become(realtime, 'connected')
  app.realtime.toGroup('public:a').send('say', 'a')
  t.equal(await next(), 'a')
  if (app.realtime.groupSize('public:b') === 0) await joins.next()
  app.realtime.toGroup('public:b').send('say', 'b')
  t.equal(await next(), 'b')
})

t.test('a cursor that the server cannot resume from yields a gap', async (t) => {
  const first = await listening(t)
  const second = await listening(t)
  let { url } = first
  const realtime = client(t, {
    url: first.url,
    fetch: (input, init) => fetch(String(input).replace(first.url, url), init)
  })
  const { put, next } = inbox()
  realtime.subscribe('public:a', { gap: put })
  await realtime.ready()
  url = second.url
  first.app.server.closeAllConnections()
  t.match(await next(), { group: 'public:a' })
})

t.test('the cause of a message hears no echo, and its neighbour does', async (t) => {
  const { app, url } = await listening(t)
  const cause = client(t, { url })
  const neighbour = client(t, { url })
  const own = inbox()
  const others = inbox()
  cause.subscribe('public:a', { say: own.put })
  neighbour.subscribe('public:a', { say: others.put })
  await Promise.all([cause.ready(), neighbour.ready()])
  app.realtime.toGroup('public:a').send('say', 1, { except: cause.origin })
  app.realtime.toGroup('public:a').send('say', 2)
  t.same([await others.next(), await others.next()], [1, 2])
  t.equal(await own.next(), 2)
})

t.test('a send that is not declared is refused', async (t) => {
  const { url } = await listening(t)
  const realtime = client(t, { url })
  realtime.subscribe('public:a', {})
  await realtime.ready()
  await t.rejects(realtime.send('public:a', 'say', {}), { code: 'FST_REALTIME_UNDECLARED_EVENT' })
})

t.test('a revoked membership is told', async (t) => {
  const { app, url } = await listening(t)
  const realtime = client(t, { url, token: () => '42' })
  const { put, next } = inbox()
  realtime.subscribe('inbox:42', { error: put })
  await realtime.ready()
  await app.realtime.revoke({ user: '42', group: 'inbox:42' })
  t.same(await next(), { group: 'inbox:42', reason: 'revoked' })
})

t.test('a revoked connection is closed for good', async (t) => {
  const { app, url } = await listening(t)
  const realtime = client(t, { url, token: () => '42' })
  realtime.subscribe('inbox:42', {})
  await realtime.ready()
  await app.realtime.revoke({ user: '42' })
  t.same(await become(realtime, 'closed'), { state: 'closed', reason: 'revoked' })
})

t.test('a server that is not there closes the client', async (t) => {
  const { url } = await listening(t)
  const realtime = client(t, { url: `${url}/elsewhere` })
  await t.rejects(realtime.ready(), { code: 'FST_REALTIME_CLOSED' })
  t.same(realtime.status, { state: 'closed', reason: 'HTTP 404' })
})

t.test('a server that shuts down is waited for', async (t) => {
  const { app, url } = await listening(t)
  const realtime = client(t, { url })
  realtime.subscribe('public:a', {})
  await realtime.ready()
  const waiting = become(realtime, 'reconnecting')
  await app.close()
  t.match(await waiting, { state: 'reconnecting', attempt: 1 })
})
