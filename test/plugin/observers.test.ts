import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import t from 'tap'
import type { Realtime, RealtimeConnection } from '../../lib/index.ts'
import { connect, kinds } from './client.ts'
import { refused } from './refused.ts'
import { serve } from './server.ts'

const identify = (request: { headers: Record<string, unknown> }): string | undefined => request.headers['user'] as string | undefined

/** Resolves when a connection has gone. */
async function disconnected (realtime: Realtime): Promise<RealtimeConnection> {
  return await new Promise((resolve) => {
    const remove = realtime.onDisconnect((connection) => {
      remove()
      resolve(connection)
    })
  })
}

for (const kind of kinds) {
  t.test(`a life, as it is observed (${kind})`, async (t) => {
    const { app, url } = await serve(t, { identify, canJoin: () => true })
    const { realtime } = app
    const life: string[] = []
    realtime.onConnect(({ id, user, transport, groups }) => { life.push(`connect ${user} ${transport} ${groups.join()}`, id) })
    realtime.onJoin((_connection, group) => { life.push(`join ${group}`) })
    realtime.onLeave(({ id }, group) => { life.push(`leave ${group}`, id) })
    realtime.onDisconnect(({ id }) => { life.push('disconnect', id) })
    const client = await connect(t, kind, url, { groups: ['a', 'b'], headers: { user: '1' } })
    await client.command({ ref: 1, type: 'subscribe', group: 'c' })
    await client.until('realtime:joined')
    await client.command({ ref: 2, type: 'subscribe', group: 'c' })
    await client.command({ ref: 3, type: 'unsubscribe', group: 'b' })
    await realtime.join(client.connection, 'd')
    await realtime.leave(client.connection, 'd')
    const gone = disconnected(realtime)
    client.leave()
    await gone
    const id = client.connection
    t.strictSame(life, [
      `connect 1 ${kind} a,b`, id, 'join a', 'join b', 'join c', 'leave b', id, 'join d', 'leave d', id, 'leave a', id, 'leave c', id, 'disconnect', id
    ])
  })

  t.test(`a refused handshake is not observed (${kind})`, async (t) => {
    const { app, url } = await serve(t)
    app.realtime.onConnect(() => { t.fail('connected') })
    app.realtime.onDisconnect(() => { t.fail('disconnected') })
    t.equal((await refused(kind, url, '?groups=private')).status, 403)
  })
}

t.test('patterns choose the groups', async (t) => {
  const { app, url } = await serve(t, { canJoin: () => true })
  const seen: string[] = []
  const note = (pattern: string) => (_connection: RealtimeConnection, group: string): void => { seen.push(`${pattern} ${group}`) }
  for (const pattern of ['room:*', 'room:1', '*:1', 'r.om:1', '*']) app.realtime.onJoin(pattern, note(pattern))
  await connect(t, 'ws', url, { groups: ['room:1', 'room:12', 'my-room:1'] })
  t.strictSame(seen, ['room:* room:1', 'room:1 room:1', '*:1 room:1', '* room:1', 'room:* room:12', '* room:12', '*:1 my-room:1', '* my-room:1'])
})

t.test('a remover ends it, and only its own', async (t) => {
  const { app, url } = await serve(t)
  const seen: string[] = []
  const both = (): void => { seen.push('seen') }
  const remove = app.realtime.onConnect(both)
  app.realtime.onConnect(both)
  remove()
  remove()
  await connect(t, 'ws', url)
  t.strictSame(seen, ['seen'])
})

t.test('observers that throw or reject are logged, counted, and hurt nobody', async (t) => {
  const { app, url, warnings } = await serve(t, { canJoin: () => true })
  const { realtime } = app
  const unhandled: unknown[] = []
  const note = (error: unknown): void => { unhandled.push(error) }
  process.on('unhandledRejection', note)
  t.teardown(() => process.off('unhandledRejection', note))
  const seen: string[] = []
  for (const hook of ['onConnect', 'onJoin', 'onLeave', 'onDisconnect'] as const) {
    realtime[hook](() => { throw new Error(hook) })
    realtime[hook](async () => { throw new Error(hook) })
    realtime[hook](() => { seen.push(hook) })
  }
  const client = await connect(t, 'ws', url, { groups: ['a'] })
  await realtime.toGroup('a').send('hello', {})
  await client.until('hello')
  const gone = disconnected(realtime)
  client.leave()
  await gone
  await new Promise(setImmediate)
  t.strictSame(seen, ['onConnect', 'onJoin', 'onLeave', 'onDisconnect'])
  t.strictSame(unhandled, [])
  t.equal(realtime.metrics().hookFailures, 8)
  t.strictSame(warnings().map(({ hook }) => hook).sort(), ['onConnect', 'onConnect', 'onDisconnect', 'onDisconnect', 'onJoin', 'onJoin', 'onLeave', 'onLeave'])
})

t.test('an observer may send to the one it is told of, and put it into groups', async (t) => {
  const { app, url } = await serve(t)
  app.realtime.onConnect(async (connection) => {
    await app.realtime.join(connection, 'private')
    await connection.send('welcome', { groups: connection.groups })
  })
  const client = await connect(t, 'sse', url)
  t.strictSame(await client.until('welcome'), { group: '@connection', event: 'welcome', data: { groups: ['private'] } })
})

t.test('an observer may close the one it is told of', async (t) => {
  const { app, url } = await serve(t)
  app.realtime.onConnect((connection) => { connection.close() })
  const client = await connect(t, 'ws', url)
  t.strictSame(await client.ended, { code: 1000, reason: 'server' })
  t.match(client.messages.at(-1), { event: 'realtime:close', data: { reason: 'server', retry: false } })
})

t.test('the same can be followed through diagnostics_channel', async (t) => {
  const { app, url } = await serve(t)
  const seen: Array<[string, Record<string, any>]> = []
  const names = ['publish', 'connect', 'disconnect', 'join', 'leave', 'refuse']
  for (const name of names) {
    const note = (message: unknown): void => { seen.push([name, message as Record<string, any>]) }
    subscribe(`fastify-realtime:${name}`, note)
    t.teardown(() => unsubscribe(`fastify-realtime:${name}`, note))
  }
  const client = await connect(t, 'ws', url, { groups: ['public:a'] })
  const { id } = await app.realtime.toGroup('public:a').send('hello', {})
  await refused('sse', url, '?groups=private')
  const gone = disconnected(app.realtime)
  client.leave()
  await gone
  t.match(seen, [
    ['connect', { connection: { id: client.connection } }],
    ['join', { connection: { id: client.connection }, group: 'public:a' }],
    ['publish', { id, group: 'public:a', event: 'hello' }],
    ['refuse', { error: { code: 'FST_REALTIME_FORBIDDEN' }, request: { url: '/realtime/sse?groups=private' } }],
    ['leave', { connection: { id: client.connection }, group: 'public:a' }],
    ['disconnect', { connection: { id: client.connection } }]
  ])
})
