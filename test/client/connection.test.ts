import t from 'tap'
import { quiet } from './fake-clock.ts'
import { FakeWorld } from './fake-world.ts'

t.test('nothing is dialled before the first subscription', async (t) => {
  const world = new FakeWorld()
  await world.clock.pass(60_000)
  t.equal(world.state, 'idle')
  t.equal(world.server.streams.length, 0)
})

t.test('the first subscription connects', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'], { connection: 'c9', user: '42' })
  t.same(world.statuses, [{ state: 'connecting' }, { state: 'connected', connection: 'c9', user: '42' }])
  t.equal(world.realtime.status, world.statuses[1])
})

t.test('a status cannot be changed', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  t.ok([...world.statuses, new FakeWorld().realtime.status].every((status) => Object.isFrozen(status)))
})

t.test('a removed status listener hears nothing', async (t) => {
  const world = new FakeWorld()
  const heard: unknown[] = []
  world.realtime.onStatus((status) => heard.push(status))()
  await world.opened(['a'])
  t.same(heard, [])
})

t.test('a status listener that throws is reported and stops no other', async (t) => {
  const world = new FakeWorld()
  world.realtime.onStatus(() => { throw new Error('mine') })
  const heard: unknown[] = []
  world.realtime.onStatus((status) => heard.push(status.state))
  await world.opened(['a'])
  t.same(heard, ['connecting', 'connected'])
  t.equal(world.reported.length, 2)
})

t.test('a status that a listener has changed again is not told to the listeners after it', async (t) => {
  const world = new FakeWorld()
  world.realtime.onStatus(({ state }) => state === 'connecting' && world.realtime.close())
  const heard: unknown[] = []
  world.realtime.onStatus(({ state }) => heard.push(state))
  world.realtime.subscribe('a', {})
  t.same(heard, ['closed'])
})

t.test('without subscriptions the connection is given up a moment later', async (t) => {
  const world = new FakeWorld()
  const subscription = world.realtime.subscribe('a', {})
  await world.opened()
  subscription.unsubscribe()
  await world.clock.pass(3_999)
  t.equal(world.state, 'connected')
  await world.clock.pass(1)
  t.equal(world.state, 'idle')
  t.ok(world.server.stream.signal.aborted)
  t.equal(world.clock.pending, 0)
})

t.test('a subscription in that moment keeps it', async (t) => {
  const world = new FakeWorld()
  const subscription = world.realtime.subscribe('a', {})
  await world.opened()
  subscription.unsubscribe()
  await world.clock.pass(3_000)
  world.realtime.subscribe('b', {})
  await world.clock.pass(3_000)
  t.equal(world.state, 'connected')
  t.equal(world.server.streams.length, 1)
})

t.test('a lost connection is dialled again, as long as it takes', async (t) => {
  const world = new FakeWorld()
  world.random = 0.5
  await world.opened(['a'])
  await world.server.stream.break()
  const now = world.clock.now()
  t.same(world.realtime.status, { state: 'reconnecting', attempt: 1, nextRetryAt: now + 250, reason: 'network' })
  const delays = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]
  for (const [i, delay] of delays.entries()) {
    await world.clock.pass(delay - 1)
    t.equal(world.server.streams.length, i + 1)
    await world.clock.pass(1)
    t.equal(world.server.streams.length, i + 2)
    t.equal(world.state, 'reconnecting')
    world.server.stream.refuse(500)
    await quiet()
  }
})

t.test('a stream that ends is dialled again', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.server.stream.end()
  await quiet()
  t.match(world.realtime.status, { state: 'reconnecting', reason: 'ended' })
  await world.reopened()
  t.match(world.realtime.status, { state: 'connected', connection: 'c2' })
})

t.test('an answer that is no event stream is dialled again', async (t) => {
  const world = new FakeWorld()
  world.realtime.subscribe('a', {})
  await world.clock.pass(0)
  world.server.stream.refuse(200, { 'content-type': 'text/html' })
  await quiet()
  t.match(world.realtime.status, { state: 'reconnecting', reason: 'HTTP 200' })
})

t.test('failures are counted on through a connection that breaks within 5 seconds', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.server.stream.end()
  await quiet()
  await world.reopened()
  await world.clock.pass(4_999)
  world.server.stream.end()
  await quiet()
  t.match(world.realtime.status, { attempt: 2 })
})

t.test('failures are forgotten after a connection of 5 seconds', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.server.stream.end()
  await quiet()
  await world.reopened()
  await world.clock.pass(5_000)
  world.server.stream.end()
  await quiet()
  t.match(world.realtime.status, { attempt: 1 })
})

t.test('Retry-After is a floor', async (t) => {
  const world = new FakeWorld()
  world.random = 0.5
  world.realtime.subscribe('a', {})
  await world.clock.pass(0)
  world.server.stream.refuse(503, { 'retry-after': '7' }, { code: 'FST_REALTIME_OVER_CAPACITY' })
  await quiet()
  const nextRetryAt = world.clock.now() + 7_250
  t.same(world.realtime.status, { state: 'reconnecting', attempt: 1, nextRetryAt, reason: 'FST_REALTIME_OVER_CAPACITY' })
})

t.test('Retry-After may be a date', async (t) => {
  const world = new FakeWorld()
  world.random = 0
  world.realtime.subscribe('a', {})
  await world.clock.pass(0)
  world.server.stream.refuse(503, { 'retry-after': new Date(world.clock.now() + 20_000).toUTCString() })
  await quiet()
  t.match(world.realtime.status, { nextRetryAt: world.clock.now() + 20_000 })
})

t.test('a server that says goodbye chooses when to come back', async (t) => {
  const world = new FakeWorld()
  world.random = 0.5
  await world.opened(['a'])
  world.server.stream.system('realtime:close', { reason: 'shutdown', retry: true, delay: 4_000 })
  world.server.stream.end()
  await quiet()
  t.match(world.realtime.status, { state: 'reconnecting', nextRetryAt: world.clock.now() + 4_250 })
})

t.test('what a server chose at its goodbye is for one attempt', async (t) => {
  const world = new FakeWorld()
  world.random = 0.5
  await world.opened(['a'])
  world.server.stream.system('realtime:close', { reason: 'shutdown', retry: true, delay: 4_000 })
  world.server.stream.end()
  await world.clock.pass(4_250)
  world.server.stream.accept()
  await world.server.stream.break()
  t.match(world.realtime.status, { attempt: 2, nextRetryAt: world.clock.now() + 500 })
})

t.test('what comes after a goodbye is still received', async (t) => {
  const world = new FakeWorld()
  const data: unknown[] = []
  world.realtime.subscribe('a', { x: (value) => data.push(value) })
  await world.opened()
  world.server.stream.system('realtime:close', { reason: 'shutdown', retry: true, delay: 0 })
  world.server.stream.message('7-1', 'a', 'x', 1)
  await quiet()
  t.same(data, [1])
})

t.test('a server that wants nobody back closes the client', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.server.stream.system('realtime:close', { reason: 'revoked', retry: false, delay: 0 })
  await world.clock.pass(60_000)
  t.same(world.realtime.status, { state: 'closed', reason: 'revoked' })
  t.equal(world.server.streams.length, 1)
  t.ok(world.server.stream.signal.aborted)
})

for (const status of [401, 403, 404]) {
  t.test(`${status} closes the client`, async (t) => {
    const world = new FakeWorld()
    world.realtime.subscribe('a', {})
    await world.clock.pass(0)
    world.server.stream.refuse(status, {}, { code: 'FST_X' })
    await world.clock.pass(60_000)
    t.same(world.realtime.status, { state: 'closed', reason: 'FST_X' })
    t.equal(world.server.streams.length, 1)
    t.equal(world.clock.pending, 0)
  })
}

t.test('a closed client is left by connect() alone', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.realtime.close()
  t.same(world.realtime.status, { state: 'closed', reason: 'client' })
  t.equal(world.surroundings, undefined)
  world.realtime.subscribe('b', {})
  await world.clock.pass(60_000)
  t.equal(world.server.streams.length, 1)

  world.realtime.connect()
  await world.clock.pass(0)
  world.server.stream.open()
  await quiet()
  t.equal(world.state, 'connected')
})

t.test('connect() holds a connection without a subscription, until close()', async (t) => {
  const world = new FakeWorld()
  world.realtime.connect()
  await world.opened()
  await world.clock.pass(10_000)
  t.equal(world.state, 'connected')
  world.realtime.close()
  t.ok(world.server.stream.signal.aborted)
})

t.test('connect() does not wait for the next attempt', async (t) => {
  const world = new FakeWorld()
  world.random = 0.9
  await world.opened(['a'])
  world.server.stream.end()
  await quiet()
  world.realtime.connect()
  await world.clock.pass(0)
  t.equal(world.server.streams.length, 2)
})

t.test('ready() connects and resolves once connected', async (t) => {
  const world = new FakeWorld()
  const ready = world.realtime.ready({ timeout: 1_000 })
  await world.opened()
  await t.resolves(ready)
})

t.test('ready() rejects when its time is over', async (t) => {
  const world = new FakeWorld()
  const rejects = t.rejects(world.realtime.ready({ timeout: 1_000 }), { code: 'FST_REALTIME_TIMEOUT' })
  await world.clock.pass(1_000)
  await rejects
  await world.clock.pass(3_000)
  t.equal(world.state, 'idle')
})

t.test('ready() rejects when the client closes', async (t) => {
  const world = new FakeWorld()
  const rejects = t.rejects(world.realtime.ready(), { code: 'FST_REALTIME_CLOSED' })
  world.realtime.close()
  await rejects
})
