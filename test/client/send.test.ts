import t from 'tap'
import { quiet } from './fake-clock.ts'
import { FakeWorld } from './fake-world.ts'

const unavailable = (): Response => new Response(null, { status: 503 })
const broken = async (): Promise<never> => { throw new TypeError('network error') }

t.test('a send is posted, and resolves with the reply', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.server.answer = ({ commands }) => Response.json([{ ref: commands[0]?.ref, ok: true, data: { n: 1 } }])
  t.same(await world.realtime.send('a', 'say', { text: 'hi' }), { n: 1 })
  const [post] = world.server.posts
  t.equal(post?.url.pathname, '/realtime/connections/c1')
  t.equal(post?.headers.get('realtime-token'), 'secret')
  t.match(post?.commands, [{ type: 'send', group: 'a', event: 'say', data: { text: 'hi' }, id: /^[0-9a-z]{20}$/ }])
})

t.test('data that is left out is null', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  await world.realtime.send('a', 'say')
  t.equal(world.server.commands[0]?.data, null)
})

t.test('a send that is refused rejects with the code', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.server.answer = ({ commands }) => Response.json([{ ref: commands[0]?.ref, ok: false, error: { code: 'FST_REALTIME_FORBIDDEN', message: 'no' } }])
  await t.rejects(world.realtime.send('a', 'say'), { code: 'FST_REALTIME_FORBIDDEN', message: 'no' })
  t.equal(world.server.posts.length, 1)
})

for (const status of [400, 403, 413, 429]) {
  t.test(`a request that is refused with ${status} rejects with the code`, async (t) => {
    const world = new FakeWorld()
    await world.opened(['a'])
    world.server.answer = () => Response.json({ code: 'FST_X', message: 'no' }, { status })
    await t.rejects(world.realtime.send('a', 'say'), { code: 'FST_X', message: 'no' })
    t.equal(world.server.posts.length, 1)
  })
}

t.test('data that JSON cannot represent rejects', async (t) => {
  const world = new FakeWorld()
  await t.rejects(world.realtime.send('a', 'say', 1n), { code: 'FST_REALTIME_BAD_DATA' })
  t.equal(world.state, 'idle')
})

t.test('a send connects, and waits for it', async (t) => {
  const world = new FakeWorld()
  const sent = world.realtime.send('a', 'say')
  await world.opened()
  await sent
  t.equal(world.server.posts.length, 1)
  await world.clock.pass(3_000)
  t.equal(world.state, 'idle')
})

t.test('a send that finds no connection in time rejects', async (t) => {
  const world = new FakeWorld()
  const rejects = t.rejects(world.realtime.send('a', 'say'), { code: 'FST_REALTIME_TIMEOUT' })
  await world.clock.pass(10_000)
  await rejects
  world.server.stream.open()
  await world.clock.pass(1_000)
  t.same(world.server.posts, [], 'and is not sent later')
})

t.test('a send has the time that it is given', async (t) => {
  const world = new FakeWorld()
  let over = false
  const sent = world.realtime.send('a', 'say', null, { timeout: 50 }).catch(() => { over = true })
  await world.clock.pass(49)
  t.notOk(over)
  await world.clock.pass(1)
  await sent
  t.ok(over)
})

t.test('a send of a closed client rejects', async (t) => {
  const world = new FakeWorld()
  world.realtime.close()
  await t.rejects(world.realtime.send('a', 'say'), { code: 'FST_REALTIME_CLOSED' })
})

t.test('a send that waits rejects when the client is closed', async (t) => {
  const world = new FakeWorld()
  const rejects = t.rejects(world.realtime.send('a', 'say'), { code: 'FST_REALTIME_CLOSED' })
  world.realtime.close()
  await rejects
})

for (const [name, failure] of Object.entries({ broken, unavailable })) {
  t.test(`a send whose fate is unknown is repeated under one id (${name})`, async (t) => {
    const world = new FakeWorld()
    await world.opened(['a'])
    const { answer } = world.server
    world.server.answer = failure
    const sent = world.realtime.send('a', 'say', 1)
    await quiet()
    world.server.answer = answer
    await world.clock.pass(500)
    await sent
    t.equal(world.server.commands.length, 2)
    t.same(world.server.commands[0], world.server.commands[1])
  })
}

t.test('two sends have two ids', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  await world.realtime.send('a', 'say')
  await world.realtime.send('a', 'say')
  t.not(world.server.commands[0]?.id, world.server.commands[1]?.id)
})

t.test('a send that is answered too late has an unknown outcome', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.server.answer = () => new Promise(() => {})
  const rejects = t.rejects(world.realtime.send('a', 'say', 1, { timeout: 5_000 }), { code: 'FST_REALTIME_OUTCOME_UNKNOWN' })
  await world.clock.pass(5_000)
  await rejects
})

t.test('a send goes on over the next connection when its own breaks', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  const { answer } = world.server
  world.server.answer = () => new Promise(() => {})
  const sent = world.realtime.send('a', 'say', 1)
  await quiet()
  await world.server.stream.break()
  world.server.answer = answer
  await world.reopened()
  await world.clock.pass(500)
  await sent
  t.same(world.server.posts.map(({ url }) => url.pathname), ['/realtime/connections/c1', '/realtime/connections/c2'])
  t.equal(world.server.commands[0]?.id, world.server.commands[1]?.id)
})

t.test('several sends over a connection that the server does not know are one failure', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  const { answer } = world.server
  world.server.answer = () => Response.json({ code: 'FST_REALTIME_NOT_FOUND' }, { status: 404 })
  const sent = [1, 2, 3].map((n) => world.realtime.send('a', 'say', n))
  await quiet()
  t.match(world.realtime.status, { state: 'reconnecting', attempt: 1 })
  world.server.answer = answer
  await world.reopened()
  await Promise.all(sent)
})

t.test('a send over a connection that the server does not know is repeated over a new one', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  const { answer } = world.server
  world.server.answer = () => Response.json({ code: 'FST_REALTIME_NOT_FOUND' }, { status: 404 })
  const sent = world.realtime.send('a', 'say', 1)
  await quiet()
  t.equal(world.state, 'reconnecting')
  world.server.answer = answer
  await world.reopened()
  await sent
  t.equal(world.server.posts.length, 2)
})
