import t from 'tap'
import { FakeWorld } from './fake-world.ts'

/** The parts of a command that matter here. */
function told (world: FakeWorld): string[] {
  return world.server.commands.map(({ type, group, after }) => [type, group, ...after === undefined ? [] : [after]].join(' '))
}

t.test('the first subscriptions are named in the address', async (t) => {
  const world = new FakeWorld()
  await world.opened(['room:1', 'a/b+c=~'])
  t.same(world.server.stream.groups, ['room:1', 'a/b+c=~'])
  t.match(world.server.stream.url.search, 'groups=room%3A1,a%2Fb%2Bc%3D~')
  await world.clock.pass(1_000)
  t.same(told(world), [])
})

t.test('an address stays within 1,800 characters, and the rest is joined within the connection', async (t) => {
  const world = new FakeWorld()
  const groups = Array.from({ length: 200 }, (_, i) => `project:alpha:${i}`)
  await world.opened(groups)
  const { url, groups: named } = world.server.stream
  t.ok(url.pathname.length + url.search.length <= 1_800)
  t.ok(named.length > 50)
  await world.clock.pass(5_000)
  t.same([...named, ...world.server.commands.map(({ group }) => group)], groups)
})

t.test('many joins are spread, 50 in one request and in one second', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  for (let i = 0; i < 120; i++) world.realtime.subscribe(`g${i}`, {})
  await world.clock.pass(20)
  t.same(world.server.posts.map(({ commands }) => commands.length), [50])
  await world.clock.pass(999)
  t.same(world.server.posts.map(({ commands }) => commands.length), [50])
  await world.clock.pass(1)
  t.same(world.server.posts.map(({ commands }) => commands.length), [50, 50])
  await world.clock.pass(1_000)
  t.same(world.server.posts.map(({ commands }) => commands.length), [50, 50, 20])
})

t.test('new groups are joined within the connection, gathered for 20 ms', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.realtime.subscribe('b', {})
  await world.clock.pass(19)
  world.realtime.subscribe('c', {})
  t.same(world.server.posts, [])
  await world.clock.pass(1)
  t.same(world.server.posts.length, 1)
  const [post] = world.server.posts
  t.equal(post?.url.pathname, '/realtime/connections/c1')
  t.equal(post?.headers.get('realtime-token'), 'secret')
  t.equal(post?.headers.get('content-type'), 'application/json')
  t.match(post?.commands, [{ type: 'subscribe', group: 'b' }, { type: 'subscribe', group: 'c' }])
  t.equal(world.server.streams.length, 1)
})

t.test('what was to be joined within a connection is forgotten with it', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.realtime.subscribe('b', {})
  world.realtime.close()
  t.equal(world.clock.pending, 0)
})

t.test('a group is joined once, however many subscribe', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  for (const group of ['b', 'b', 'a']) world.realtime.subscribe(group, {})
  await world.clock.pass(1_000)
  t.same(told(world), ['subscribe b'])
})

t.test('a group is left a second after its last subscription', async (t) => {
  const world = new FakeWorld()
  const first = world.realtime.subscribe(['a', 'b'], {})
  const second = world.realtime.subscribe('a', {})
  await world.opened()
  first.unsubscribe()
  first.unsubscribe()
  await world.clock.pass(1_020)
  t.same(told(world), ['unsubscribe b'])
  second.unsubscribe()
  await world.clock.pass(999)
  t.same(told(world), ['unsubscribe b'])
  await world.clock.pass(21)
  t.same(told(world), ['unsubscribe b', 'unsubscribe a'])
})

t.test('a subscription within that second costs nothing', async (t) => {
  const world = new FakeWorld()
  const subscription = world.realtime.subscribe('a', {})
  await world.opened(['z'])
  subscription.unsubscribe()
  await world.clock.pass(999)
  world.realtime.subscribe('a', {})
  await world.clock.pass(5_000)
  t.same(told(world), [])
})

t.test('all groups that are wanted are asked for again', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.realtime.subscribe('b', {})
  await world.clock.pass(20)
  world.server.stream.system('realtime:joined', { ref: world.server.commands[0]?.ref, group: 'b', view: null, cursor: '7-2', resumed: false }, '7-2')
  await world.server.stream.break()
  await world.reopened()
  t.same(world.server.stream.groups, ['a', 'b'])
  t.equal(world.server.stream.headers.get('last-event-id'), '7-2')
})

t.test('a group whose join was not done is joined within the next connection', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.realtime.subscribe('b', {})
  await world.clock.pass(20)
  await world.server.stream.break()
  await world.reopened()
  t.same(world.server.stream.groups, ['a'])
  await world.clock.pass(20)
  t.same(told(world), ['subscribe b', 'subscribe b'])
})

t.test('a join that another one has replaced is not the one that counts', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  const subscription = world.realtime.subscribe('b', {})
  await world.clock.pass(20)
  subscription.unsubscribe()
  await world.clock.pass(1_020)
  world.realtime.subscribe('b', {})
  await world.clock.pass(20)
  t.same(told(world), ['subscribe b', 'unsubscribe b', 'subscribe b'])
  const [first] = world.server.commands
  world.server.stream.system('realtime:joined', { ref: first?.ref, group: 'b', view: null, cursor: '7-1', resumed: false }, '7-1')
  await world.server.stream.break()
  await world.reopened()
  t.same(world.server.stream.groups, ['a'])
  await world.clock.pass(20)
  t.equal(told(world).at(-1), 'subscribe b')
})

t.test('having left a group is not told to those who want it again, and does not undo their join', async (t) => {
  const world = new FakeWorld()
  const left: unknown[] = []
  await world.opened(['a'])
  const subscription = world.realtime.subscribe('b', {})
  await world.clock.pass(20)
  subscription.unsubscribe()
  await world.clock.pass(1_020)
  world.realtime.subscribe('b', { error: (news) => left.push(news) })
  await world.clock.pass(20)
  world.server.stream.system('realtime:left', { group: 'b', reason: 'unsubscribed' })
  world.server.stream.system('realtime:joined', { ref: world.server.commands[2]?.ref, group: 'b', view: null, cursor: '7-1', resumed: false }, '7-1')
  await world.server.stream.break()
  await world.reopened()
  t.same(left, [])
  t.same(world.server.stream.groups, ['a', 'b'])
})

t.test('a group that is new while there is no connection is not resumed', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  await world.server.stream.break()
  world.realtime.subscribe('b', {})
  await world.reopened()
  t.same(world.server.stream.groups, ['a'])
  await world.clock.pass(20)
  t.same(told(world), ['subscribe b'])
})

t.test('a group that the address has no room for is resumed by itself', async (t) => {
  const world = new FakeWorld()
  const wide = Array.from({ length: 16 }, (_, i) => `${i}`.padStart(100, 'x'))
  await world.opened(wide)
  world.realtime.subscribe(['y'.repeat(150), 'b'], {})
  await world.clock.pass(20)
  for (const { ref, group } of world.server.commands) {
    world.server.stream.system('realtime:joined', { ref, group, view: null, cursor: '7-5', resumed: false }, '7-5')
  }
  await world.server.stream.break()
  await world.reopened()
  t.same(world.server.stream.groups, wide)
  await world.clock.pass(20)
  t.same(told(world).slice(2), [`subscribe ${'y'.repeat(150)} 7-5`, 'subscribe b 7-5'])
})

t.test('a group that nobody wants any more when its connection opens is left', async (t) => {
  const world = new FakeWorld()
  const subscription = world.realtime.subscribe('a', {})
  world.realtime.subscribe('b', {})
  await world.clock.pass(0)
  subscription.unsubscribe()
  await world.clock.pass(1_000)
  world.server.stream.open()
  await world.clock.pass(20)
  t.same(told(world), ['unsubscribe a'])
})

t.test('a refused group is told, and asked for again with the next connection', async (t) => {
  const world = new FakeWorld()
  const left: unknown[] = []
  world.realtime.subscribe(['a', 'b'], { error: (news) => left.push(news) })
  await world.opened([], { groups: ['a'], refused: ['b'] })
  t.same(left, [{ group: 'b', reason: 'FST_REALTIME_FORBIDDEN' }])
  await world.clock.pass(1_000)
  t.same(told(world), [])

  await world.server.stream.break()
  await world.reopened()
  t.same(world.server.stream.groups, ['a'], 'without a cursor that does not cover it')
  await world.clock.pass(20)
  t.same(told(world), ['subscribe b'])
})

t.test('a group that is refused within the connection is told', async (t) => {
  const world = new FakeWorld()
  const left: unknown[] = []
  await world.opened(['a'])
  world.server.answer = ({ commands }) => Response.json(commands.map(({ ref, group }) => group === 'b'
    ? { ref, ok: false, error: { code: 'FST_REALTIME_FORBIDDEN', message: 'no' } }
    : { ref, ok: true, data: null }))
  world.realtime.subscribe(['b', 'c'], { error: (news) => left.push(news) })
  await world.clock.pass(20)
  t.same(left, [{ group: 'b', reason: 'FST_REALTIME_FORBIDDEN' }])
  await world.clock.pass(10_000)
  t.equal(world.server.commands.length, 2, 'and is not asked for again')
})

t.test('a group that the server takes away is told, and resumed from there with the next connection', async (t) => {
  const world = new FakeWorld()
  const left: unknown[] = []
  world.realtime.subscribe('a', { error: (news) => left.push(news) })
  await world.opened(['b'])
  world.server.stream.message('7-4', 'b', 'x')
  world.server.stream.system('realtime:left', { group: 'a', reason: 'revoked' })
  world.server.stream.message('7-5', 'b', 'x')
  await world.server.stream.break()
  t.same(left, [{ group: 'a', reason: 'revoked' }])
  await world.reopened()
  t.same(world.server.stream.groups, ['b'])
  await world.clock.pass(20)
  t.same(told(world), ['subscribe a 7-4'])
})

t.test('a connection that the server does not know is dialled again', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.server.answer = () => Response.json({ code: 'FST_REALTIME_NOT_FOUND' }, { status: 404 })
  world.realtime.subscribe('b', {})
  await world.clock.pass(20)
  t.equal(world.state, 'reconnecting')
  t.ok(world.server.stream.signal.aborted)
})

for (const status of [429, 500, 503]) {
  t.test(`joins that are answered with ${status} are repeated`, async (t) => {
    const world = new FakeWorld()
    await world.opened(['a'])
    const { answer } = world.server
    world.server.answer = () => new Response(null, { status })
    world.realtime.subscribe('b', {})
    await world.clock.pass(20)
    world.server.answer = answer
    await world.clock.pass(500)
    t.same(told(world), ['subscribe b', 'subscribe b'])
    t.equal(world.state, 'connected')
  })
}

t.test('joins whose fate is unknown are repeated under the same ref', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.server.answer = async () => { throw new TypeError('network error') }
  world.realtime.subscribe('b', {})
  await world.clock.pass(20)
  await world.clock.pass(500)
  const refs = world.server.commands.map(({ ref }) => ref)
  t.ok(refs.length >= 2)
  t.equal(new Set(refs).size, 1)
})

t.test('joins that are refused as a whole are told', async (t) => {
  const world = new FakeWorld()
  const left: unknown[] = []
  await world.opened(['a'])
  world.server.answer = () => Response.json({ code: 'FST_REALTIME_WRONG_TOKEN' }, { status: 403 })
  world.realtime.subscribe('b', { error: (news) => left.push(news) })
  await world.clock.pass(20)
  t.same(left, [{ group: 'b', reason: 'FST_REALTIME_WRONG_TOKEN' }])
})

t.test('a join for which there were too many messages is repeated a second later', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  const { answer } = world.server
  world.server.answer = ({ commands }) => Response.json(commands.map(({ ref }) =>
    ({ ref, ok: false, error: { code: 'FST_REALTIME_TOO_MANY_MESSAGES', message: '' } })))
  world.realtime.subscribe('b', {})
  await world.clock.pass(20)
  world.server.answer = answer
  await world.clock.pass(1_000)
  t.same(told(world), ['subscribe b', 'subscribe b'])
})
