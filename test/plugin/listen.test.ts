import t from 'tap'
import { createRealtimeApp } from './server.ts'

t.test('messages of a group, as they travel', async (t) => {
  const { app } = await createRealtimeApp(t)
  const { realtime } = app
  const heard = realtime.listen('a')
  const [{ id }] = await Promise.all([
    realtime.toGroup('a').send('one', { n: 1 }, { except: 'tab' }), realtime.toGroup('b').send('other', {}), realtime.toGroup('a').send('two', 2, { volatile: true })
  ])
  t.strictSame(await heard.next(), { done: false, value: { id, group: 'a', event: 'one', origin: 'tab', data: { n: 1 } } })
  t.strictSame(await heard.next(), { done: false, value: { group: 'a', event: 'two', data: 2 } })
})

t.test('without a group: everything', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { post: { group: 'posts' } } })
  const { realtime } = app
  const heard: string[] = []
  const listening = (async () => {
    for await (const { group, event } of realtime.listen()) {
      heard.push(`${group} ${event}`)
      if (event === 'done') break
    }
  })()
  realtime.toGroup(['a', 'b']).send('hello', {})
  realtime.toUser(1).send('hello', {})
  realtime.model('post').created({ id: 1 })
  realtime.broadcast().send('done', {})
  await listening
  t.strictSame(heard, ['a hello', 'b hello', '@user:1 hello', 'posts created', '@all done'])
})

t.test('every listener gets a copy of its own', async (t) => {
  const { app } = await createRealtimeApp(t)
  const [one, two] = [app.realtime.listen('a'), app.realtime.listen('a')]
  await app.realtime.toGroup('a').send('hello', { n: [1] })
  const { value } = await one.next() as { value: { data: { n: number[] } } }
  value.data.n.push(2)
  t.match((await two.next()).value, { data: { n: [1] } })
})

t.test('break ends it: nothing is kept for it any more', async (t) => {
  const { app } = await createRealtimeApp(t)
  const heard = app.realtime.listen('a')
  await app.realtime.toGroup('a').send('one', {})
  for await (const { event } of heard) if (event === 'one') break
  await app.realtime.toGroup('a').send('two', {})
  t.strictSame(await heard.next(), { done: true, value: undefined })
})

t.test('one that reads too slowly is stopped, with an error that says so, and others go on', async (t) => {
  const { app } = await createRealtimeApp(t)
  const [slow, other] = [app.realtime.listen('a'), app.realtime.listen('b')]
  for (let i = 0; i < 10_001; i++) await app.realtime.toGroup('a').send('n', i)
  await app.realtime.toGroup('b').send('hello', {})
  await t.rejects(slow.next(), { code: 'FST_REALTIME_LISTENER_BEHIND', message: 'listen() was left 10000 messages behind' })
  t.strictSame(await slow.next(), { done: true, value: undefined })
  t.match(await other.next(), { value: { event: 'hello' } })
})

t.test('10,000 may wait', async (t) => {
  const { app } = await createRealtimeApp(t)
  const heard = app.realtime.listen('a')
  for (let i = 0; i < 10_000; i++) await app.realtime.toGroup('a').send('n', i)
  for (let i = 0; i < 10_000; i++) {
    const { value } = await heard.next()
    if (value.data !== i) t.fail(`${i} was ${value.data}`)
  }
  t.pass()
})

t.test('closing ends it, after what was heard', async (t) => {
  const { app } = await createRealtimeApp(t)
  const [waiting, reading] = [app.realtime.listen('a'), app.realtime.listen('b')]
  const next = waiting.next()
  await app.realtime.toGroup('b').send('hello', {})
  await app.close()
  t.strictSame(await next, { done: true, value: undefined })
  t.match(await reading.next(), { done: false, value: { event: 'hello' } })
  t.strictSame(await reading.next(), { done: true, value: undefined })
})

t.test('one that begins after closing is over at once', async (t) => {
  const { app } = await createRealtimeApp(t)
  await app.close()
  for await (const { event } of app.realtime.listen()) t.fail(event)
  t.pass()
})
