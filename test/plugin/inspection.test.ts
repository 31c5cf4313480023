import t from 'tap'
import { connect, kinds } from './client.ts'
import { createRealtimeApp, listen, serve } from './server.ts'

const identify = (request: { headers: Record<string, unknown> }): string | undefined => request.headers['user'] as string | undefined

t.test('connections are listed with who, where, what and since when', async (t) => {
  const before = Date.now()
  const { app, url } = await serve(t, { identify, canJoin: () => true })
  const one = await connect(t, 'sse', url, { headers: { user: '1' }, groups: ['a', 'b'] })
  const two = await connect(t, 'ws', url)
  const connections = await app.realtime.connections()
  const { node } = connections[0]!
  t.type(node, 'string')
  t.strictSame(connections.map(({ since, ...rest }) => rest), [
    { id: one.connection, node, user: '1', transport: 'sse', groups: [{ group: 'a', where: null, events: null }, { group: 'b', where: null, events: null }] },
    { id: two.connection, node, user: null, transport: 'ws', groups: [] }
  ])
  t.ok(connections.every(({ since }) => since.getTime() >= before && since.getTime() <= Date.now()))
})

t.test('they can be narrowed to a user, a group, or both', async (t) => {
  const { app, url } = await serve(t, { identify, canJoin: () => true })
  const one = await connect(t, 'ws', url, { headers: { user: '1' }, groups: ['a'] })
  const two = await connect(t, 'ws', url, { headers: { user: '1' }, groups: ['b'] })
  const three = await connect(t, 'ws', url, { headers: { user: '2' }, groups: ['a'] })
  const ids = async (which: { user?: string | number | bigint, group?: string }): Promise<string[]> => (await app.realtime.connections(which)).map(({ id }) => id)
  t.strictSame(await ids({ user: 1n }), [one.connection, two.connection])
  t.strictSame(await ids({ group: 'a' }), [one.connection, three.connection])
  t.strictSame(await ids({ user: '1', group: 'a' }), [one.connection])
  t.strictSame(await ids({ user: 3 }), [])
})

t.test('a token is nowhere to be seen', async (t) => {
  const { app, url } = await serve(t, { canJoin: () => true })
  const seen: unknown[] = []
  app.realtime.onConnect((connection) => { seen.push(connection, ...allValues(connection)) })
  const { token } = await connect(t, 'ws', url, { groups: ['a'] })
  seen.push(await app.realtime.connections(), app.realtime.metrics())
  t.type(token, 'string')
  t.notMatch(JSON.stringify(seen), token)
})

/** Every property of an object and its prototypes. */
function allValues (object: object): unknown[] {
  const values: unknown[] = []
  for (let one: object | null = object; one !== null && one !== Object.prototype; one = Object.getPrototypeOf(one) as object | null) {
    for (const name of Reflect.ownKeys(one)) values.push((object as Record<PropertyKey, unknown>)[name])
  }
  return values
}

for (const kind of kinds) {
  t.test(`over ${kind}`, async (t) => {
    t.test('what is connected and joined is counted, until it is gone', async (t) => {
      const { app, url } = await serve(t)
      const { realtime } = app
      t.strictSame([realtime.connectionCount, realtime.groupSize('public:a')], [0, 0])
      const clients = [await connect(t, kind, url, { groups: ['public:a'] }), await connect(t, kind, url, { groups: ['public:a', 'public:b'] })]
      t.strictSame([realtime.connectionCount, realtime.groupSize('public:a'), realtime.groupSize('public:b')], [2, 2, 1])
      const gone = new Promise<void>((resolve) => { realtime.onDisconnect(() => { if (realtime.connectionCount === 0) resolve() }) })
      for (const client of clients) client.leave()
      await gone
      t.strictSame([realtime.groupSize('public:a'), realtime.groupSize('public:b')], [0, 0])
    })

    t.test('the server puts connections into groups, outside canJoin, and takes them out', async (t) => {
      const { app, url } = await serve(t)
      const { realtime } = app
      const client = await connect(t, kind, url)
      await realtime.join(client.connection, 'private')
      await realtime.toGroup('private').send('in', {})
      await realtime.leave(client.connection, 'private')
      await realtime.toGroup('private').send('out', {})
      await realtime.broadcast().send('done', {})
      await client.until('done')
      t.match(client.messages.slice(1), [
        { event: 'realtime:joined', data: { ref: null, group: 'private', view: null, resumed: false } },
        { event: 'in', group: 'private' },
        { event: 'realtime:left', data: { group: 'private', reason: 'server' } },
        { event: 'done' }
      ])
    })

    t.test('a cursor given to join is answered, whatever it is', async (t) => {
      const { app, url } = await serve(t)
      const client = await connect(t, kind, url)
      await app.realtime.join(client.connection, 'private', { after: 'nonsense' })
      await client.until('realtime:joined')
      t.match(client.messages.slice(1), [
        { event: 'realtime:gap', data: { group: 'private', reason: 'malformed' } },
        { event: 'realtime:joined' }
      ])
    })

    t.test('a message sent right after join is received, one sent right before is not', async (t) => {
      const { app, url } = await serve(t)
      const { realtime } = app
      const client = await connect(t, kind, url)
      realtime.toGroup('private').send('before', {})
      await realtime.join(client.connection, 'private')
      realtime.toGroup('private').send('after', {})
      await realtime.broadcast().send('done', {})
      await client.until('done')
      t.strictSame([client.of('before').length, client.of('after').length], [0, 1])
    })
  })
}

t.test('joining and leaving what cannot be is refused', async (t) => {
  const { app, url } = await serve(t, { limits: { maxGroupsPerConnection: 1 } })
  const { realtime } = app
  const { connection } = await connect(t, 'ws', url, { groups: ['public:a'] })
  await t.rejects(realtime.join('none', 'a'), { code: 'FST_REALTIME_NOT_FOUND' })
  await t.rejects(realtime.leave('none', 'a'), { code: 'FST_REALTIME_NOT_FOUND' })
  await t.rejects(realtime.join(connection, '@all'), { code: 'FST_REALTIME_BAD_GROUP' })
  await t.rejects(realtime.leave(connection, '@all'), { code: 'FST_REALTIME_BAD_GROUP' })
  await t.rejects(realtime.join(connection, 'b'), { code: 'FST_REALTIME_TOO_MANY_GROUPS' })
  await t.resolves(realtime.join(connection, 'public:a'))
  await t.resolves(realtime.leave(connection, 'never-joined'))
})

t.test('healthy tells of the plugin\'s whole life', async (t) => {
  const { app } = await createRealtimeApp(t)
  const { realtime } = app
  t.equal(realtime.healthy, true)
  const during: boolean[] = []
  app.addHook('preClose', async () => { during.push(realtime.healthy) })
  await listen(app)
  t.equal(realtime.healthy, true)
  await app.close()
  t.strictSame(during, [false])
  t.equal(realtime.healthy, false)
})

t.test('a client that came with a cursor is told a gap of a group that the server puts it into', async (t) => {
  const { app, url } = await serve(t)
  app.realtime.onConnect(async (connection) => { await app.realtime.join(connection, 'room:1') })
  const fresh = await connect(t, 'ws', url)
  await fresh.until('realtime:joined')
  t.same(fresh.of('realtime:gap'), [])
  const back = await connect(t, 'ws', url, { query: { after: '1-1' } })
  await back.until('realtime:joined')
  t.match(back.of('realtime:gap').map(({ data }) => data), [{ group: '@all' }, { group: 'room:1', reason: 'generation' }])
})
