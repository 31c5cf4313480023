import t from 'tap'
import type { Change, Models } from '../../lib/index.ts'
import { connect, kinds } from './client.ts'
import { heard } from './heard.ts'
import { createRealtimeApp, serve } from './server.ts'

const row = { id: 7, title: 'Hello', secret: 's3cret' }

/** What a single exposure of `post` makes of a created row. */
async function created (t: Parameters<typeof createRealtimeApp>[0], post: Models[string], what: object = row): Promise<unknown[]> {
  const { app } = await createRealtimeApp(t, { models: { post } })
  return await heard(app, async () => { await app.realtime.model('post').created(what) })
}

for (const kind of kinds) {
  t.test(`a change as it is on the wire (${kind})`, async (t) => {
    const { app, url } = await serve(t, { models: { post: { group: 'public:posts', fields: ['title'] } } })
    const client = await connect(t, kind, url, { groups: ['public:posts'], headers: { 'realtime-origin': 'other' } })
    const { id, ids } = await app.realtime.model('post').updated(row, undefined, { except: 'tab' })
    t.strictSame(ids, [id])
    t.strictSame(await client.until('updated'), {
      id, group: 'public:posts', event: 'updated', model: 'post', action: 'updated', key: 7, origin: 'tab', data: { id: 7, title: 'Hello' }
    })
  })
}

t.test('a model without an exposure is never told of', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { post: { group: 'a' } } })
  const { realtime } = app
  const results: unknown[] = []
  t.strictSame(await heard(app, async () => {
    for (const name of ['user', 'Post', '__proto__', 'constructor', 'toString', '']) {
      const model = realtime.model<Record<string, unknown>>(name)
      results.push(await model.created(row), await model.updated(row, row), await model.deleted(row), await model.invalidated(), await model.invalidated({ group: 'a' }))
    }
  }), [])
  t.ok(results.every((result) => JSON.stringify(result) === '{"id":null,"ids":[]}'))
})

t.test('each action has its data', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { post: { group: 'a', fields: ['title'] } } })
  const post = app.realtime.model('post')
  const common = { group: 'a', model: 'post' }
  t.strictSame(await heard(app, async () => {
    await post.created(row)
    await post.updated(row)
    await post.deleted(row)
    await post.invalidated()
  }), [
    { ...common, event: 'created', action: 'created', key: 7, data: { id: 7, title: 'Hello' } },
    { ...common, event: 'updated', action: 'updated', key: 7, data: { id: 7, title: 'Hello' } },
    { ...common, event: 'deleted', action: 'deleted', key: 7, data: { id: 7 } },
    { ...common, event: 'invalidated', action: 'invalidated', data: {} }
  ])
})

t.test('without fields the key alone is told', async (t) => {
  t.match(await created(t, { group: 'a' }), [{ data: { id: 7 } }])
  t.strictSame((await created(t, { group: 'a' }) as Array<{ data: unknown }>)[0]!.data, { id: 7 })
})

t.test('fields "all" tells all', async (t) => {
  t.strictSame((await created(t, { group: 'a', fields: 'all' }) as Array<{ data: unknown }>)[0]!.data, row)
})

t.test('columns that the row has not are left out', async (t) => {
  t.strictSame((await created(t, { group: 'a', fields: ['title', 'gone', 'empty'] }, { id: 7, empty: undefined, title: null }) as Array<{ data: unknown }>)[0]!.data, { id: 7, title: null })
})

t.test('a key of another name, and of any type that can be one', async (t) => {
  for (const [value, key, data] of [['a-1', 'a-1', 'a-1'], [0, 0, 0], [2n ** 64n, '18446744073709551616', '18446744073709551616'], [Buffer.from([1, 255]), 'Af8=', 'Af8=']] as const) {
    t.match(await created(t, { group: 'a', key: 'uuid' }, { uuid: value }), [{ key, data: { uuid: data } }])
  }
})

t.test('dates, big integers and bytes have their JSON form, however deep', async (t) => {
  const when = new Date(0)
  const [message] = await created(t, { group: 'a', fields: 'all' }, {
    id: 1, when, big: 1n, bytes: Buffer.from('hi'), part: new Uint8Array(Buffer.from('xhix')).subarray(1, 3), deep: [{ when, big: 2n, bytes: Buffer.from('hi') }], never: null
  }) as Array<{ data: unknown }>
  t.strictSame(message!.data, {
    id: 1, when: '1970-01-01T00:00:00.000Z', big: '1', bytes: 'aGk=', part: 'aGk=', deep: [{ when: '1970-01-01T00:00:00.000Z', big: '2', bytes: 'aGk=' }], never: null
  })
})

t.test('several groups, and several exposures, each get their own', async (t) => {
  const messages = await created(t, [
    { group: ['a', 'b'] },
    { group: 'admins', fields: 'all', eventNames: { created: 'post.new' } },
    { group: (post) => [`post:${post.id}`, `post:${post.id}`], fields: ['title'] },
    { group: 'deletions', actions: ['deleted'] }
  ])
  t.match(messages, [
    { group: 'a', event: 'created', data: { id: 7 } },
    { group: 'b', event: 'created', data: { id: 7 } },
    { group: 'admins', event: 'post.new', action: 'created', data: row },
    { group: 'post:7', event: 'created', data: { id: 7, title: 'Hello' } }
  ])
  t.equal(messages.length, 4)
})

t.test('an update that touches none of the fields is not told, unless asked for', async (t) => {
  const { app } = await createRealtimeApp(t, {
    models: { post: [{ group: 'fields', fields: ['title'] }, { group: 'always', fields: ['title'], updates: 'always' }, { group: 'key' }, { group: 'all', fields: 'all' }] }
  })
  const groups = async (now: object, previous: object | undefined): Promise<string[]> =>
    (await heard(app, async () => { await app.realtime.model('post').updated(now, previous) })).map(({ group }) => group!)
  t.strictSame(await groups({ ...row, secret: 'new' }, row), ['always', 'key', 'all'])
  t.strictSame(await groups({ ...row, title: 'new' }, row), ['fields', 'always', 'key', 'all'])
  t.strictSame(await groups({ ...row }, row), ['always', 'key'])
  t.strictSame(await groups(row, undefined), ['fields', 'always', 'key', 'all'])
})

t.test('invalidated reaches the groups that are named outright, or those that are given', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { post: [{ group: ['a', 'b'], eventNames: { invalidated: 'stale' } }, { group: (post) => `room:${post.room}` }] } })
  const { realtime } = app
  t.strictSame((await heard(app, async () => { await realtime.model('post').invalidated() })).map(({ group, event, action }) => [group, event, action]), [
    ['a', 'stale', 'invalidated'], ['b', 'stale', 'invalidated']
  ])
  t.strictSame((await heard(app, async () => { await realtime.model('post').invalidated({ group: ['room:1', 'room:2'] }) })).map(({ group }) => group), ['room:1', 'room:2'])
  await t.rejects(realtime.model('post').invalidated({ group: ['room:1', '@all'] }), { code: 'FST_REALTIME_BAD_GROUP' })
})

t.test('a row that cannot be sent is refused, by every exposure or by none', async (t) => {
  const { app } = await createRealtimeApp(t, { limits: { maxEventBytes: 100 }, models: { post: [{ group: 'a' }, { group: 'b', fields: 'all' }] } })
  t.strictSame(await heard(app, async () => {
    await t.rejects(app.realtime.model('post').created({ id: 1, body: 'x'.repeat(100) }), { code: 'FST_REALTIME_TOO_LARGE' })
    await t.rejects(app.realtime.model('post').created({ id: 1, get body () { throw new Error('lazy') } }))
  }), [])
})

t.test('emit takes a change as one', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { post: { group: 'a' } } })
  t.match(await heard(app, async () => { await app.realtime.emit({ model: 'post', action: 'deleted', row, actor: 'ann' }, { volatile: true }) }), [{ action: 'deleted', key: 7 }])
})

t.test('onChange', async (t) => {
  t.test('sees every change whole, with its actor, also of a model that is not exposed', async (t) => {
    const { app } = await createRealtimeApp(t, { models: { post: { group: 'a' } } })
    const { realtime } = app
    const changes: Change[] = []
    realtime.onChange('post', (change) => { changes.push(change) })
    realtime.onChange('user', (change) => { changes.push(change) })
    const previous = { ...row, title: 'Old' }
    await realtime.emit({ model: 'post', action: 'updated', row, previous, actor: 'ann' })
    await realtime.model('user').created({ id: 1, password: 'p' })
    await realtime.model('tag').created({ id: 1 })
    t.strictSame(changes, [{ model: 'post', action: 'updated', row, previous, actor: 'ann' }, { model: 'user', action: 'created', row: { id: 1, password: 'p' } }])
  })

  t.test('ends with its remover', async (t) => {
    const { app } = await createRealtimeApp(t)
    const remove = app.realtime.onChange('post', () => { t.fail('told') })
    remove()
    await app.realtime.model('post').created(row)
  })

  t.test('may throw or reject: that is logged, and the change is sent all the same', async (t) => {
    const { app, warnings } = await createRealtimeApp(t, { models: { post: { group: 'a' } } })
    let seen = 0
    app.realtime.onChange('post', () => { throw new Error('no') })
    app.realtime.onChange('post', async () => { throw new Error('no') })
    app.realtime.onChange('post', () => { seen++ })
    t.equal((await heard(app, async () => { await app.realtime.model('post').created(row) })).length, 1)
    t.equal(seen, 1)
    t.equal(app.realtime.metrics().hookFailures, 2)
    t.match(warnings(), [{ hook: 'onChange' }, { hook: 'onChange' }])
  })
})

t.test('invalidated takes its name from the exposure that the group belongs to', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { post: [{ group: 'a' }, { group: 'b', eventNames: { invalidated: 'stale' } }, { group: (post) => `room:${post.room}`, eventNames: { invalidated: 'refetch' } }] } })
  const messages = await heard(app, async () => { await app.realtime.model('post').invalidated({ group: ['a', 'b', 'room:1'] }) })
  t.strictSame(messages.map(({ group, event }) => [group, event]), [['a', 'invalidated'], ['b', 'stale'], ['room:1', 'refetch']])
})

t.test('what a row shows is encoded once, however many groups see it', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { post: { group: ['a', 'b', 'c'], fields: ['title'] } } })
  let times = 0
  const title = { toJSON: () => ++times }
  t.strictSame((await heard(app, async () => { await app.realtime.model('post').created({ id: 7, title }) })).map(({ data }) => data), [{ id: 7, title: 1 }, { id: 7, title: 1 }, { id: 7, title: 1 }])
})
