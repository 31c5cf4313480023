import t from 'tap'
import { quiet } from './fake-clock.ts'
import { FakeWorld } from './fake-world.ts'

t.test('a handler gets the data, and the rest of the message', async (t) => {
  const world = new FakeWorld()
  const calls: unknown[] = []
  world.realtime.subscribe('a', { say: (...args) => calls.push(args) })
  await world.opened()
  world.server.stream.message('7-1', 'a', 'say', { text: 'hi' }, { user: '42' })
  await quiet()
  t.same(calls, [[{ text: 'hi' }, { id: '7-1', group: 'a', event: 'say', user: '42' }]])
})

t.test("'*' gets every message, after the handler of its event", async (t) => {
  const world = new FakeWorld()
  const calls: string[] = []
  world.realtime.subscribe('a', {
    '*': (_data, { event }) => calls.push(`* ${event}`),
    x: () => calls.push('x')
  })
  await world.opened()
  world.server.stream.message('7-1', 'a', 'x')
  world.server.stream.message('7-2', 'a', 'y')
  await quiet()
  t.same(calls, ['x', '* x', '* y'])
})

t.test('a message reaches the subscriptions of its group alone', async (t) => {
  const world = new FakeWorld()
  const calls: string[] = []
  for (const groups of ['a', 'b', ['a', 'c']]) world.realtime.subscribe(groups, { x: () => calls.push(String(groups)) })
  await world.opened()
  world.server.stream.message('7-1', 'a', 'x')
  await quiet()
  t.same(calls, ['a', 'a,c'])
})

t.test('a handler that throws is reported and stops no other', async (t) => {
  const world = new FakeWorld()
  const calls: string[] = []
  const mine = new Error('mine')
  world.realtime.subscribe('a', { x () { throw mine }, '*': () => calls.push('*') })
  world.realtime.subscribe('a', { x: () => calls.push('other') })
  await world.opened()
  world.server.stream.message('7-1', 'a', 'x')
  await quiet()
  t.same(calls, ['*', 'other'])
  t.same(world.reported, [mine])
})

t.test('a message that is not JSON is reported and skipped', async (t) => {
  const world = new FakeWorld()
  const calls: unknown[] = []
  world.realtime.subscribe('a', { x: (data) => calls.push(data) })
  await world.opened()
  world.server.stream.write('data: {oh\n\n')
  world.server.stream.message('7-1', 'a', 'x', 1)
  await quiet()
  t.same(calls, [1])
  t.match(world.reported, [{ name: 'SyntaxError' }])
})

t.test('events named like members of every object are nothing special', async (t) => {
  const world = new FakeWorld()
  world.realtime.subscribe('a', {})
  await world.opened()
  for (const [i, event] of ['constructor', '__proto__', '__defineGetter__'].entries()) {
    world.server.stream.message(`7-${i + 1}`, 'a', event, 1)
  }
  await quiet()
  t.same(world.reported, [])
})

t.test("'open' is called with every connection that has the group", async (t) => {
  const world = new FakeWorld()
  const calls: unknown[] = []
  world.realtime.subscribe(['a', '@all'], { open: (opened) => calls.push(opened) })
  await world.opened()
  t.same(calls, [{ group: 'a', resumed: false }, { group: '@all', resumed: false }])
})

t.test("'open' is called for a subscription to a group that is there already", async (t) => {
  const world = new FakeWorld()
  world.realtime.subscribe('a', {})
  await world.opened()
  const calls: unknown[] = []
  world.realtime.subscribe('a', { open: (opened) => calls.push(opened) })
  t.same(calls, [], 'not before subscribe() returned')
  await quiet()
  t.same(calls, [{ group: 'a', resumed: false }])
})

t.test("'open' is not called for a subscription that has ended", async (t) => {
  const world = new FakeWorld()
  world.realtime.subscribe('a', {})
  await world.opened()
  const calls: unknown[] = []
  world.realtime.subscribe('a', { open: (opened) => calls.push(opened) }).unsubscribe()
  await quiet()
  t.same(calls, [])
})

t.test('a subscription that ended is called no more, also by the message that ended it', async (t) => {
  const world = new FakeWorld()
  const calls: string[] = []
  world.realtime.subscribe('a', { x: () => { calls.push('first'); second.unsubscribe() } })
  const second = world.realtime.subscribe('a', { x: () => calls.push('second') })
  await world.opened()
  world.server.stream.message('7-1', 'a', 'x')
  world.server.stream.message('7-2', 'a', 'x')
  await quiet()
  t.same(calls, ['first', 'first'])
})

t.test('a subscription that a handler makes begins with the next message', async (t) => {
  const world = new FakeWorld()
  const calls: unknown[] = []
  let made = false
  world.realtime.subscribe('a', {
    x () {
      if (!made) world.realtime.subscribe('a', { x: (data) => calls.push(data) })
      made = true
    }
  })
  await world.opened()
  world.server.stream.message('7-1', 'a', 'x', 1)
  world.server.stream.message('7-2', 'a', 'x', 2)
  await quiet()
  t.same(calls, [2])
})

t.test('the same handlers may be subscribed twice', async (t) => {
  const world = new FakeWorld()
  let calls = 0
  const handlers = { x: () => { calls++ } }
  const first = world.realtime.subscribe('a', handlers)
  world.realtime.subscribe('a', handlers)
  await world.opened()
  world.server.stream.message('7-1', 'a', 'x')
  await quiet()
  t.equal(calls, 2)
  first.unsubscribe()
  world.server.stream.message('7-2', 'a', 'x')
  await quiet()
  t.equal(calls, 3)
})

t.test('a signal ends a subscription', async (t) => {
  const world = new FakeWorld()
  const stop = new AbortController()
  let calls = 0
  world.realtime.subscribe('a', { x: () => { calls++ } }, { signal: stop.signal })
  await world.opened()
  stop.abort()
  world.server.stream.message('7-1', 'a', 'x')
  await quiet()
  t.equal(calls, 0)
})

t.test('a signal that has aborted makes no subscription', async (t) => {
  const world = new FakeWorld()
  world.realtime.subscribe('a', {}, { signal: AbortSignal.abort() }).unsubscribe()
  await world.clock.pass(0)
  t.equal(world.state, 'idle')
})

t.test('what is no group name is refused', async (t) => {
  const world = new FakeWorld()
  for (const name of ['', 'a b', 'a,b', '@user:42', '@other', 'x'.repeat(201)]) {
    t.throws(() => world.realtime.subscribe(['ok', name], {}), TypeError, name)
  }
  t.equal(world.state, 'idle')
})

t.test("what goes to the user, to everyone and to the connection is subscribed to by the plugin's names", async (t) => {
  const world = new FakeWorld()
  const calls: unknown[] = []
  for (const name of ['@user', '@all', '@connection']) {
    world.realtime.subscribe(name, { x: (_data, { group }) => calls.push([name, group]) })
  }
  await world.opened([], { user: '42' })
  world.server.stream.message('7-1', '@user:42', 'x')
  world.server.stream.message('7-2', '@all', 'x')
  world.server.stream.aside({ group: '@connection', event: 'x', data: null })
  await quiet()
  t.same(calls, [['@user', '@user:42'], ['@all', '@all'], ['@connection', '@connection']])
  await world.clock.pass(20)
  t.same(world.server.stream.url.searchParams.get('groups') ?? '', '')
  t.same(world.server.posts, [], 'and never asked for')
})

t.test('a model subscription hears what happened to its rows', async (t) => {
  const world = new FakeWorld()
  const calls: unknown[] = []
  const handler = (name: string) => (data: unknown, { key }: { key?: unknown }) => calls.push([name, data, key])
  world.realtime.model('post', {
    created: handler('created'), updated: handler('updated'), deleted: handler('deleted'), invalidated: handler('invalidated')
  }, { group: 'posts' })
  await world.opened()
  const { stream } = world.server
  stream.message('7-1', 'posts', 'post.created', { id: 1, title: 'a' }, { model: 'post', action: 'created', key: 1 })
  stream.message('7-2', 'posts', 'renamed', { id: 1, title: 'b' }, { model: 'post', action: 'updated', key: 1 })
  stream.message('7-3', 'posts', 'post.deleted', { id: 1 }, { model: 'post', action: 'deleted', key: 1 })
  stream.message('7-4', 'posts', 'post.invalidated', null, { model: 'post', action: 'invalidated' })
  stream.message('7-5', 'posts', 'tag.created', { id: 2 }, { model: 'tag', action: 'created', key: 2 })
  stream.message('7-6', 'posts', 'created', { id: 3 })
  await quiet()
  t.same(calls, [
    ['created', { id: 1, title: 'a' }, 1],
    ['updated', { id: 1, title: 'b' }, 1],
    ['deleted', { id: 1 }, 1],
    ['invalidated', null, undefined]
  ])
})

t.test('a model subscription hears of gaps, and ends', async (t) => {
  const world = new FakeWorld()
  const gaps: unknown[] = []
  const subscription = world.realtime.model('post', { gap: (gap) => gaps.push(gap) }, { group: ['a', 'b'] })
  await world.opened()
  t.same(world.server.stream.groups, ['a', 'b'])
  world.server.stream.system('realtime:gap', { group: 'b', reason: 'expired' })
  await quiet()
  subscription.unsubscribe()
  world.server.stream.system('realtime:gap', { group: 'b', reason: 'expired' })
  await quiet()
  t.same(gaps, [{ group: 'b', reason: 'expired' }])
})
