import t from 'tap'
import { quiet } from './fake-clock.ts'
import { FakeWorld } from './fake-world.ts'

/** Subscribes to `group` and gathers the data of its messages and its gaps. */
function gather (world: FakeWorld, group: string): { data: unknown[], gaps: unknown[] } {
  const gathered: { data: unknown[], gaps: unknown[] } = { data: [], gaps: [] }
  world.realtime.subscribe(group, {
    '*': (data) => gathered.data.push(data),
    gap: (gap) => gathered.gaps.push(gap)
  })
  return gathered
}

t.test('a first dial presents no cursor', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'], { user: '42' })
  const { headers, url } = world.server.stream
  t.equal(headers.get('last-event-id'), null)
  t.equal(url.searchParams.get('for'), null)
  t.equal(url.searchParams.get('partial'), '1')
  t.equal(url.searchParams.get('origin'), world.realtime.origin)
})

t.test('a later dial presents the last id, and who it was issued for', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'], { user: 'jo & co' })
  world.server.stream.message('7-3', 'a', 'x')
  await world.server.stream.break()
  await world.reopened()
  const { headers, url } = world.server.stream
  t.equal(headers.get('last-event-id'), '7-3')
  t.equal(url.searchParams.get('for'), 'jo & co')
})

t.test('a cursor that was issued to nobody in particular says so', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'], { user: null })
  await world.server.stream.break()
  await world.reopened()
  t.equal(world.server.stream.url.searchParams.get('for'), '')
})

t.test('the cursor of open is enough', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  await world.server.stream.break()
  await world.reopened()
  t.equal(world.server.stream.headers.get('last-event-id'), '7-0')
})

t.test('a tick moves the cursor and calls no handler', async (t) => {
  const world = new FakeWorld()
  const { data } = gather(world, 'a')
  await world.opened()
  world.server.stream.system('realtime:tick', {}, '7-9')
  await world.server.stream.break()
  await world.reopened()
  t.equal(world.server.stream.headers.get('last-event-id'), '7-9')
  t.same(data, [])
})

t.test('the cursor covers a message before its handler runs', async (t) => {
  const world = new FakeWorld()
  world.realtime.subscribe('a', { x: () => world.surroundings?.suspend() })
  await world.opened()
  world.server.stream.message('7-1', 'a', 'x')
  await quiet()
  world.surroundings?.wake()
  await world.clock.pass(0)
  t.equal(world.server.stream.headers.get('last-event-id'), '7-1')
})

t.test('a handler that ends the connection is the last to be called, and the rest comes again', async (t) => {
  const world = new FakeWorld()
  const data: unknown[] = []
  world.realtime.subscribe('a', {
    x (value) {
      data.push(value)
      if (value === 1) world.realtime.close()
    }
  })
  await world.opened()
  world.server.stream.write([1, 2].map((n) => `id: 7-${n}\ndata: {"id":"7-${n}","group":"a","event":"x","data":${n}}\n\n`).join(''))
  await quiet()
  t.same(data, [1])
  world.realtime.connect()
  await world.clock.pass(0)
  t.equal(world.server.stream.headers.get('last-event-id'), '7-1')
})

t.test('a message that comes again is dropped', async (t) => {
  const world = new FakeWorld()
  const { data } = gather(world, 'a')
  await world.opened()
  world.server.stream.message('7-1', 'a', 'x', 1)
  world.server.stream.message('7-2', 'a', 'x', 2)
  await world.server.stream.break()
  await world.reopened()
  world.server.stream.message('7-2', 'a', 'x', 2)
  world.server.stream.message('7-3', 'a', 'x', 3)
  await quiet()
  t.same(data, [1, 2, 3])
})

t.test('what counts is the position within a group and a view', async (t) => {
  const world = new FakeWorld()
  const a = gather(world, 'a')
  const b = gather(world, 'b')
  await world.opened()
  const { stream } = world.server
  stream.message('7-5', 'a', 'x', 'a5')
  stream.aside({ group: 'b', event: 'x', data: 'b3', at: '7-3' })
  stream.aside({ group: 'b', event: 'x', data: 'v3', at: '7-3', view: 'v' })
  stream.aside({ group: 'b', event: 'x', data: 'v3', at: '7-3', view: 'v' })
  stream.aside({ group: 'b', event: 'x', data: 'b4', at: '7-4' })
  await quiet()
  t.same(a.data, ['a5'])
  t.same(b.data, ['b3', 'v3', 'b4'])
})

t.test('a position is used before an id', async (t) => {
  const world = new FakeWorld()
  const { data } = gather(world, 'a')
  await world.opened()
  world.server.stream.message('7-9', 'a', 'x', 1, { at: '7-1' })
  world.server.stream.message('7-9', 'a', 'x', 2, { at: '7-2' })
  await quiet()
  t.same(data, [1, 2])
})

t.test('messages without a position all arrive', async (t) => {
  const world = new FakeWorld()
  const { data } = gather(world, 'a')
  await world.opened()
  for (let i = 0; i < 2; i++) world.server.stream.aside({ group: 'a', event: 'x', data: 1 })
  await quiet()
  t.same(data, [1, 1])
})

t.test('a gap goes to the handlers of its group', async (t) => {
  const world = new FakeWorld()
  const a = gather(world, 'a')
  const b = gather(world, 'b')
  await world.opened()
  world.server.stream.system('realtime:gap', { group: 'a', reason: 'expired' })
  await quiet()
  t.same(a.gaps, [{ group: 'a', reason: 'expired' }])
  t.same(a.data, [], 'and is no message')
  t.same(b.gaps, [])
})

t.test('after a gap of another reason than age, lower positions are new', async (t) => {
  const world = new FakeWorld()
  const { data } = gather(world, 'a')
  await world.opened()
  world.server.stream.message('7-5', 'a', 'x', 'old')
  world.server.stream.system('realtime:gap', { group: 'a', reason: 'ahead' })
  world.server.stream.message('6-1', 'a', 'x', 'new')
  await quiet()
  t.same(data, ['old', 'new'])
})

t.test('after a gap of age, what was seen stays seen', async (t) => {
  const world = new FakeWorld()
  const { data } = gather(world, 'a')
  await world.opened()
  world.server.stream.message('7-5', 'a', 'x', 5)
  world.server.stream.system('realtime:gap', { group: 'a', reason: 'expired' })
  world.server.stream.message('7-5', 'a', 'x', 5)
  await quiet()
  t.same(data, [5])
})

t.test('a group that is joined anew begins anew', async (t) => {
  const world = new FakeWorld()
  await world.opened(['b'])
  const subscription = world.realtime.subscribe('a', {})
  world.server.stream.message('7-5', 'a', 'x', 'old')
  await quiet()
  subscription.unsubscribe()
  const { data } = gather(world, 'a')
  world.server.stream.message('6-1', 'a', 'x', 'new')
  await quiet()
  t.same(data, ['new'])
})

t.test('gaps of the user and of everyone reach their handlers', async (t) => {
  const world = new FakeWorld()
  const user = gather(world, '@user')
  const all = gather(world, '@all')
  await world.opened([], { user: '42' })
  world.server.stream.system('realtime:gap', { group: '@user:42', reason: 'identity' })
  world.server.stream.system('realtime:gap', { group: '@all', reason: 'expired' })
  await quiet()
  t.same(user.gaps, [{ group: '@user:42', reason: 'identity' }])
  t.same(all.gaps, [{ group: '@all', reason: 'expired' }])
})

t.test('a client that had nothing to do begins anew', async (t) => {
  const world = new FakeWorld()
  const subscription = world.realtime.subscribe('a', {})
  await world.opened()
  subscription.unsubscribe()
  await world.clock.pass(4_000)
  await world.opened(['a'])
  t.equal(world.server.streams.length, 2)
  t.equal(world.server.stream.headers.get('last-event-id'), null)
})
