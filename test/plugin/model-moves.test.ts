import t from 'tap'
import { heard } from './heard.ts'
import { createRealtimeApp } from './server.ts'

type Task = { id: number, list?: string | undefined, lists?: unknown, title?: string }

const byList = { group: (task: Task) => `list:${task.list}`, fields: ['title', 'list'] }

t.test('a row that moves leaves one audience, key only, and comes to the other', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { task: byList } })
  const messages = await heard(app, async () => {
    await app.realtime.model<Task>('task').updated({ id: 1, list: 'b', title: 'T' }, { id: 1, list: 'a', title: 'T' })
  })
  t.strictSame(messages, [
    { group: 'list:b', event: 'created', model: 'task', action: 'created', key: 1, moved: true, data: { id: 1, title: 'T', list: 'b' } },
    { group: 'list:a', event: 'deleted', model: 'task', action: 'deleted', key: 1, moved: true, data: { id: 1 } }
  ])
})

t.test('one that stays is updated, whatever else it moves between', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { task: { group: (task: { lists: string[] }) => task.lists } } })
  const messages = await heard(app, async () => {
    await app.realtime.model('task').updated({ id: 1, lists: ['a', 'b'] }, { id: 1, lists: ['b', 'c'] })
  })
  t.strictSame(messages.map(({ group, action, moved }) => [group, action, moved]), [['b', 'updated', undefined], ['a', 'created', true], ['c', 'deleted', true]])
})

t.test('one that nobody sees is told to nobody', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { task: { group: (task: { lists: string[] }) => task.lists } } })
  const task = app.realtime.model('task')
  t.strictSame(await heard(app, async () => {
    await task.created({ id: 1, lists: [] })
    await task.updated({ id: 1, lists: [] }, { id: 1, lists: [] })
    await task.deleted({ id: 1, lists: [] })
  }), [])
})

t.test('actions filters what an audience sees, not what happened to the row', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { task: { ...byList, actions: ['created', 'deleted'] } } })
  const messages = await heard(app, async () => {
    await app.realtime.model<Task>('task').updated({ id: 1, list: 'b' }, { id: 1, list: 'a' })
    await app.realtime.model<Task>('task').updated({ id: 1, list: 'b', title: 'new' }, { id: 1, list: 'b' })
  })
  t.strictSame(messages.map(({ group, action }) => [group, action]), [['list:b', 'created'], ['list:a', 'deleted']])
})

t.test('a move is told even where no listed field has changed', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { task: { group: (task: Task) => `list:${task.list}`, fields: ['title'] } } })
  const messages = await heard(app, async () => {
    await app.realtime.model<Task>('task').updated({ id: 1, list: 'b', title: 'T' }, { id: 1, list: 'a', title: 'T' })
  })
  t.equal(messages.length, 2)
})

t.test('without the previous row the audience is told to refetch; it is logged once, and counted', async (t) => {
  const { app, warnings } = await createRealtimeApp(t, { models: { task: byList } })
  const messages = await heard(app, async () => {
    for (const list of ['a', 'b']) await app.realtime.model<Task>('task').updated({ id: 1, list })
  })
  t.strictSame(messages, ['list:a', 'list:b'].map((group) => ({ group, event: 'invalidated', model: 'task', action: 'invalidated', data: {} })))
  t.equal(app.realtime.metrics().previousMissing, 2)
  t.match(warnings(), [{ model: 'task', msg: /without its previous row/ }])
  t.equal(warnings().length, 1)
})

t.test('one that is stable needs no previous row', async (t) => {
  const { app, warnings } = await createRealtimeApp(t, { models: { task: { ...byList, stable: true } } })
  const messages = await heard(app, async () => {
    await app.realtime.model<Task>('task').updated({ id: 1, list: 'a', title: 'T' })
  })
  t.match(messages, [{ group: 'list:a', action: 'updated', data: { id: 1, title: 'T', list: 'a' } }])
  t.strictSame(warnings(), [])
})

t.test('a group function that fails, or names what is no group, is contained and never guessed', async (t) => {
  for (const lists of [undefined, null, 5, '@all', 'a b', ['a', undefined], ['a', '@user:1'], Promise.resolve('a'), new Set(['a'])]) {
    const { app, warnings } = await createRealtimeApp(t, { models: { task: [{ group: (task: Task) => task.lists as string }, { group: 'witness' }] } })
    const messages = await heard(app, async () => { await app.realtime.model<Task>('task').created({ id: 1, lists }) })
    t.strictSame(messages.map(({ group }) => group), ['witness'])
    t.match(warnings(), [{ model: 'task', err: { code: 'FST_REALTIME_BAD_GROUP' } }])
    t.equal(app.realtime.metrics().hookFailures, 1)
  }
})

t.test('where only one side can be computed, that audience is told to refetch', async (t) => {
  const group = ({ list }: Task): string => {
    if (list === undefined) throw new Error('no list')
    return `list:${list}`
  }
  const { app } = await createRealtimeApp(t, { models: { task: { group, fields: 'all' } } })
  const task = app.realtime.model<Task>('task')
  t.match(await heard(app, async () => { await task.updated({ id: 1, list: 'a' }, { id: 1 }) }), [{ group: 'list:a', action: 'invalidated' }])
  t.match(await heard(app, async () => { await task.updated({ id: 1 }, { id: 1, list: 'a' }) }), [{ group: 'list:a', action: 'invalidated' }])
  t.strictSame(await heard(app, async () => { await task.updated({ id: 1 }, { id: 1 }) }), [])
})
