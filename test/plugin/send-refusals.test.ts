import fc from 'fast-check'
import t from 'tap'
import { realtimeOf, type Realtime, type RealtimeConnection } from '../../lib/index.ts'
import { connect } from './client.ts'
import { createApp, createRealtimeApp, serve, type App } from './server.ts'

const circular: Record<string, unknown> = {}
circular['self'] = circular

const badData: Record<string, unknown> = {
  undefined,
  'a function': () => 1,
  'a symbol': Symbol('s'),
  'a bigint': 1n,
  'a bigint inside': { deep: [1n] },
  'a circle': circular,
  'a toJSON that throws': { toJSON () { throw new Error('no') } },
  'a toJSON that throws nothing of use': { toJSON () { throw undefined } }, // eslint-disable-line no-throw-literal
  'a toJSON that gives undefined': { toJSON: () => undefined },
  'a getter that throws': Object.defineProperty({}, 'a', { enumerable: true, get () { throw new Error('no') } })
}

/** Every way to send, to one that is connected. */
function targets (realtime: Realtime, connection: string): Record<string, { send (event: string, data: unknown): Promise<unknown> }> {
  return {
    toGroup: realtime.toGroup(['public:a', 'public:b']),
    toUser: realtime.toUser(1),
    broadcast: realtime.broadcast(),
    toConnection: realtime.toConnection(connection)
  }
}

t.test('data that JSON cannot represent is refused, whatever the target, and nothing is sent', async (t) => {
  const { app, url } = await serve(t)
  const client = await connect(t, 'ws', url, { groups: ['public:a', 'public:b'] })
  for (const [name, data] of Object.entries(badData)) {
    for (const [target, { send }] of Object.entries(targets(app.realtime, client.connection))) {
      await t.rejects(send('hello', data), { code: 'FST_REALTIME_BAD_DATA' }, `${name}, ${target}`)
    }
  }
  await app.realtime.broadcast().send('done', {})
  await client.until('done')
  t.strictSame(client.of('hello'), [])
  t.equal(app.realtime.metrics().published, 1)
})

t.test('data larger than maxEventBytes is refused, in bytes, at the limit exactly', async (t) => {
  const { app, url } = await serve(t, { limits: { maxEventBytes: 12 } })
  const client = await connect(t, 'ws', url)
  for (const [target, { send }] of Object.entries(targets(app.realtime, client.connection))) {
    await t.resolves(send('fits', '€€€1'), target)
    await t.rejects(send('long', '€€€12'), {
      code: 'FST_REALTIME_TOO_LARGE', message: '13 bytes are more than limits.maxEventBytes allows: 12'
    }, target)
  }
})

t.test('event names of the plugin\'s own, and illegal ones, are refused', async (t) => {
  const { app, url } = await serve(t)
  const client = await connect(t, 'ws', url)
  const names = ['gap', 'open', 'error', 'realtime:open', 'realtime:', 'presence:join', '', 'a b', 'a\nb', 'é', 'x'.repeat(101), '@a', null, undefined, 5, {}]
  for (const name of names) {
    for (const { send } of Object.values(targets(app.realtime, client.connection))) {
      await t.rejects(send(name as string, {}), { code: 'FST_REALTIME_BAD_EVENT' }, String(name))
    }
  }
  for (const name of ['gaps', 'opened', 'message', 'x'.repeat(100), 'a.b:c/d-e_1', 'realtime', 'Realtime:x']) {
    await t.resolves(app.realtime.broadcast().send(name, {}), name)
  }
})

t.test('illegal groups and users are refused, all of the targets or none', async (t) => {
  const { app, url } = await serve(t)
  const client = await connect(t, 'ws', url, { groups: ['public:a'] })
  const { realtime } = app
  for (const name of ['', '@all', '@user:1', 'a b', 'a\n', 'ä', 'x'.repeat(201), null, undefined, 5, {}, [[]]]) {
    await t.rejects(realtime.toGroup(name as string).send('hello', {}), { code: 'FST_REALTIME_BAD_GROUP' }, String(name))
    await t.rejects(realtime.toGroup(['public:a', name as string]).send('hello', {}), { code: 'FST_REALTIME_BAD_GROUP' }, String(name))
  }
  for (const id of ['', 'x'.repeat(201), 'a\u0000', '\ud800', null, undefined, NaN, Infinity, {}, true]) {
    await t.rejects(realtime.toUser(id as string).send('hello', {}), { code: 'FST_REALTIME_BAD_USER' }, String(id))
  }
  for (const tag of ['', 'no tag', 'x'.repeat(65)]) {
    await t.rejects(realtime.toGroup('public:a').send('hello', {}, { except: tag }), { code: 'FST_REALTIME_BAD_ORIGIN_TAG' }, tag)
  }
  await realtime.broadcast().send('done', {})
  await client.until('done')
  t.strictSame(client.of('hello'), [])
})

t.test('a connection that is not here, or no more, is not found', async (t) => {
  const { app, url } = await serve(t)
  for (const id of ['none', '', null, undefined, 5]) {
    await t.rejects(app.realtime.toConnection(id as string).send('hello', {}), { code: 'FST_REALTIME_NOT_FOUND' })
  }
  const client = await connect(t, 'ws', url)
  const gone = new Promise((resolve) => { app.realtime.onDisconnect(resolve) })
  client.leave()
  await gone
  await t.rejects(app.realtime.toConnection(client.connection).send('hello', {}), { code: 'FST_REALTIME_NOT_FOUND' })
})

t.test('a failure that nobody awaits is logged and counted, and nothing more', async (t) => {
  const { app, url, warnings } = await serve(t)
  const gone = new Promise<RealtimeConnection>((resolve) => { app.realtime.onDisconnect(resolve) })
  ;(await connect(t, 'sse', url)).leave()
  const connection = await gone
  const unhandled: unknown[] = []
  const note = (error: unknown): void => { unhandled.push(error) }
  process.on('unhandledRejection', note)
  t.teardown(() => process.off('unhandledRejection', note))
  const { realtime } = app
  realtime.broadcast().send('gap', {})
  realtime.toGroup('@x').send('hello', {})
  realtime.toUser('').send('hello', {})
  realtime.toConnection('none').send('hello', {})
  connection.send('hello', {})
  realtime.model('post').invalidated({ group: '@x' })
  realtimeOf(createApp(t).app).toConnection('none').send('hello', {})
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  t.strictSame(unhandled, [])
  t.equal(realtime.metrics().publishFailures, 6)
  t.match(warnings(), Array.from({ length: 6 }, () => ({ msg: 'a realtime send failed', err: { code: /^FST_REALTIME_/ } })))
})

t.test('no argument makes a send throw synchronously', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { post: { group: (row) => row.group as string, key: 'id' } } })
  const { realtime } = app
  app.log.level = 'silent'
  const any = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withTypedArray: true, withMap: true, withSparseArray: true })
  const sends: Array<(a: any, b: any, c: any, d: any) => Promise<unknown>> = [
    (a, b, c, d) => realtime.toGroup(a).send(b, c, d),
    (a, b, c, d) => realtime.toUser(a).send(b, c, d),
    (a, b, c) => realtime.toConnection(a).send(b, c),
    (_a, b, c, d) => realtime.broadcast().send(b, c, d),
    (a, b, c, d) => realtime.emit({ model: 'post', action: a, row: b, previous: c }, d),
    (a, b) => realtime.emit(a, b),
    (a, b) => realtime.model('post').created(a, b),
    (a, b, c) => realtime.model('post').updated(a, b, c),
    (a, b) => realtime.model('post').deleted(a, b),
    (a, b) => realtime.model('post').invalidated(a, b),
    (a, b) => realtime.model(a).created(b)
  ]
  await fc.assert(fc.asyncProperty(fc.constantFrom(...sends), any, any, any, any, async (send, a, b, c, d) => {
    const sent = send(a, b, c, d)
    return sent instanceof Promise && await sent.then(() => true, () => true)
  }), { numRuns: 1_000 })
  t.pass()
})

t.test('a change without a row, or a key, is refused', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { post: { group: 'public:a' } } })
  for (const row of [undefined, null, 5, 'row', {}, { id: null }, { id: {} }, { id: NaN }, { ID: 1 }]) {
    await t.rejects(app.realtime.model('post').created(row as { id: number }), { code: 'FST_REALTIME_BAD_DATA', message: 'data cannot be sent as JSON: the post has no id' })
  }
})

t.test('after the app has closed every send rejects with the same code', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { post: { group: 'public:a' } } })
  const { realtime } = app
  await app.close()
  const sends = [...Object.values(targets(realtime, 'none')).map(async ({ send }) => await send('hello', {})), realtime.model('post').created({ id: 1 }), realtime.model('post').invalidated()]
  for (const sent of sends) await t.rejects(sent, { code: 'FST_REALTIME_CLOSED' })
})

t.test('where the plugin is not registered', async (t) => {
  const { app, logs }: App = createApp(t)
  const realtime = realtimeOf(app)
  const nothing = { id: null, ids: [] }

  t.test('sends go nowhere', async (t) => {
    t.equal(realtime.installed, false)
    t.equal(realtime.healthy, false)
    for (const target of [realtime.toGroup('a'), realtime.toUser(1), realtime.broadcast()]) t.strictSame(await target.send('hello', {}), nothing)
    t.strictSame(await realtime.model('post').created({ id: 1 }), nothing)
    t.strictSame(await realtime.emit({ model: 'post', action: 'created', row: { id: 1 } }), nothing)
    t.strictSame(logs, [])
  })

  t.test('nobody is there', async (t) => {
    t.strictSame([realtime.connectionCount, realtime.groupSize('a'), await realtime.connections()], [0, 0, []])
    t.strictSame(new Set(Object.values(realtime.metrics())), new Set([0]))
    await t.rejects(realtime.toConnection('a').send('hello', {}), { code: 'FST_REALTIME_NOT_FOUND' })
    await t.rejects(realtime.join('a', 'b'), { code: 'FST_REALTIME_NOT_FOUND' })
    await t.resolves(realtime.revoke({ user: 1 }))
    for await (const message of realtime.listen()) t.fail(message.event)
  })

  t.test('observers are taken and removed', async () => {
    for (const remove of [realtime.onConnect(() => {}), realtime.onJoin(() => {}), realtime.onChange('post', () => {})]) remove()
  })
})
