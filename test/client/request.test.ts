import t from 'tap'
import { quiet } from './fake-clock.ts'
import { FakeWorld } from './fake-world.ts'

t.test('a token is asked for with every request', async (t) => {
  let n = 0
  const world = new FakeWorld({ token: async () => `t${++n}` })
  await world.opened(['a'])
  t.equal(world.server.stream.headers.get('authorization'), 'Bearer t1')
  await world.realtime.send('a', 'say')
  t.equal(world.server.posts[0]?.headers.get('authorization'), 'Bearer t2')
  await world.server.stream.break()
  await world.reopened()
  t.equal(world.server.stream.headers.get('authorization'), 'Bearer t3')
})

for (const status of [401, 403]) {
  t.test(`after ${status} a fresh token is tried at once, and only once`, async (t) => {
    const asked: boolean[] = []
    const world = new FakeWorld({
      token ({ refresh }) {
        asked.push(refresh)
        return refresh ? 'fresh' : 'stale'
      }
    })
    world.realtime.subscribe('a', {})
    await world.clock.pass(0)
    world.server.stream.refuse(status)
    await quiet()
    t.equal(world.state, 'connecting')
    t.same(world.server.streams.map(({ headers }) => headers.get('authorization')), ['Bearer stale', 'Bearer fresh'])
    world.server.stream.refuse(status)
    await world.clock.pass(60_000)
    t.equal(world.state, 'closed')
    t.same(asked, [false, true])
  })
}

t.test('a fresh token that is accepted connects', async (t) => {
  const world = new FakeWorld({ token: ({ refresh }) => refresh ? 'fresh' : 'stale' })
  world.realtime.subscribe('a', {})
  await world.clock.pass(0)
  world.server.stream.refuse(401)
  await quiet()
  world.server.stream.open()
  await quiet()
  t.equal(world.state, 'connected')
})

t.test('a post too is repeated with a fresh token', async (t) => {
  const world = new FakeWorld({ token: ({ refresh }) => refresh ? 'fresh' : 'stale' })
  await world.opened(['a'])
  const { answer } = world.server
  world.server.answer = (post) => post.headers.get('authorization') === 'Bearer fresh' ? answer(post) : new Response(null, { status: 401 })
  await world.realtime.send('a', 'say')
  t.equal(world.server.posts.length, 2)
})

t.test('a token that cannot be had is asked for again later', async (t) => {
  let fails = true
  const world = new FakeWorld({
    token: async () => {
      if (fails) throw new Error('no network')
      return 'ok'
    }
  })
  world.realtime.subscribe('a', {})
  await world.clock.pass(0)
  t.match(world.realtime.status, { state: 'reconnecting', reason: 'token' })
  t.equal(world.server.streams.length, 0)
  fails = false
  await world.reopened()
  t.equal(world.state, 'connected')
})

t.test('a send that finds no token says at the end that it was never sent', async (t) => {
  let fails = false
  const world = new FakeWorld({
    token () {
      if (fails) throw new Error('no network')
      return 'ok'
    }
  })
  await world.opened(['a'])
  fails = true
  const rejects = t.rejects(world.realtime.send('a', 'say'), { code: 'FST_REALTIME_TIMEOUT' })
  await world.clock.pass(10_000)
  await rejects
})

t.test('headers are added, as they are or from a function', async (t) => {
  for (const headers of [{ 'x-csrf': '1' }, async () => ({ 'x-csrf': '1' })]) {
    const world = new FakeWorld({ headers })
    await world.opened(['a'])
    t.equal(world.server.stream.headers.get('x-csrf'), '1')
    t.equal(world.server.stream.headers.get('accept'), 'text/event-stream')
  }
})

t.test('a slash at the end of the address does no harm', async (t) => {
  const world = new FakeWorld({ url: 'http://host/realtime/' })
  await world.opened(['a'])
  t.equal(world.state, 'connected')
})

t.test("requests to the server's origin carry the tab's tag", async (t) => {
  const world = new FakeWorld()
  const ours = ['/posts', 'posts', 'http://host/posts', new URL('http://host/x'), new Request('http://host/y', { headers: { a: '1' } })]
  for (const input of ours) await world.realtime.fetch(input, { method: 'PUT' })
  t.same(world.server.others.map(({ input }) => input), ours)
  for (const { init } of world.server.others) {
    t.equal(new Headers(init?.headers).get('realtime-origin'), world.realtime.origin)
    t.equal(init?.method, 'PUT')
  }
  t.equal(new Headers(world.server.others[4]?.init?.headers).get('a'), '1', "a request's own headers stay")
})

t.test('requests elsewhere are left as they are', async (t) => {
  const world = new FakeWorld()
  const init = { headers: { a: '1' } }
  await world.realtime.fetch('http://elsewhere/posts', init)
  t.same(world.server.others, [{ input: 'http://elsewhere/posts', init }])
})

t.test("a tab's tag is a public random one", async (t) => {
  const tags = Array.from({ length: 100 }, () => new FakeWorld().realtime.origin)
  t.ok(tags.every((tag) => /^[0-9a-z]{20}$/.test(tag)))
  t.equal(new Set(tags).size, 100)
})
