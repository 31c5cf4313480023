import t from 'tap'
import { quiet } from './fake-clock.ts'
import { FakeWorld } from './fake-world.ts'

t.test('silence of two and a half heartbeats ends a connection', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'], { heartbeat: 10_000 })
  await world.clock.pass(24_999)
  t.equal(world.state, 'connected')
  await world.clock.pass(1)
  t.match(world.realtime.status, { state: 'reconnecting', reason: 'silence' })
  t.ok(world.server.stream.signal.aborted)
})

t.test('a comment is a sign of life', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'], { heartbeat: 10_000 })
  await world.clock.pass(20_000)
  world.server.stream.write(':keepalive\n\n')
  await world.clock.pass(24_999)
  t.equal(world.state, 'connected')
  await world.clock.pass(1)
  t.equal(world.state, 'reconnecting')
})

t.test('a server that answers nothing is given up after 45 seconds', async (t) => {
  const world = new FakeWorld()
  world.realtime.subscribe('a', {})
  await world.clock.pass(44_999)
  t.equal(world.state, 'connecting')
  await world.clock.pass(1)
  t.match(world.realtime.status, { state: 'reconnecting', reason: 'silence' })
})

t.test('a clock that is set back does not put the watchdog off', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'], { heartbeat: 10_000 })
  world.clock.setBack(3_600_000)
  await world.clock.pass(50_000)
  t.equal(world.server.streams[0]?.signal.aborted, true)
})

t.test('waking after a long sleep dials at once', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'], { heartbeat: 10_000 })
  world.clock.sleep(25_000)
  world.surroundings?.wake()
  await quiet()
  t.ok(world.server.streams[0]?.signal.aborted)
  await world.clock.pass(0)
  t.equal(world.server.streams.length, 2)
})

t.test('waking leaves a live connection alone', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'], { heartbeat: 10_000 })
  await world.clock.pass(20_000)
  world.surroundings?.wake()
  await world.clock.pass(0)
  t.equal(world.state, 'connected')
  t.equal(world.server.streams.length, 1)
})

t.test('waking ends an attempt that hangs', async (t) => {
  const world = new FakeWorld()
  world.realtime.subscribe('a', {})
  await world.clock.pass(5_001)
  world.surroundings?.wake()
  await world.clock.pass(0)
  t.equal(world.server.streams.length, 2)
})

t.test('waking ends the wait for the next attempt', async (t) => {
  const world = new FakeWorld()
  world.random = 0.9
  await world.opened(['a'])
  for (let i = 0; i < 5; i++) {
    await world.server.stream.break()
    await world.clock.pass(30_000)
    world.server.stream.accept()
  }
  await world.server.stream.break()
  const before = world.server.streams.length
  world.surroundings?.wake()
  await world.clock.pass(0)
  t.equal(world.server.streams.length, before + 1)
  world.server.stream.refuse(502)
  await quiet()
  t.match(world.realtime.status, { attempt: 1 }, 'and the failures before it no longer count')
})

t.test('waking never dials before the server wants it', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.server.stream.system('realtime:close', { reason: 'shutdown', retry: true, delay: 4_000 })
  world.server.stream.end()
  await quiet()
  world.surroundings?.wake()
  t.match(world.realtime.status, { nextRetryAt: world.clock.now() + 4_000 })
  await world.clock.pass(3_999)
  t.equal(world.server.streams.length, 1)
  await world.clock.pass(1)
  t.equal(world.server.streams.length, 2)
})

t.test('waking honours no wish of the server beyond an hour', async (t) => {
  const world = new FakeWorld()
  world.realtime.subscribe('a', {})
  await world.clock.pass(0)
  world.server.stream.refuse(503, { 'retry-after': '1000000000' })
  await quiet()
  world.surroundings?.wake()
  t.match(world.realtime.status, { nextRetryAt: world.clock.now() + 3_600_000 })
})

t.test('a failure without network waits for the network', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.online = false
  await world.server.stream.break()
  t.same(world.realtime.status, { state: 'offline', attempt: 1, nextRetryAt: world.clock.now() + 30_000, reason: 'network' })
  world.online = true
  world.surroundings?.wake()
  t.equal(world.state, 'reconnecting')
  await world.reopened()
  t.equal(world.state, 'connected')
})

t.test('without network it is still tried every 30 seconds', async (t) => {
  const world = new FakeWorld()
  world.online = false
  world.realtime.subscribe('a', {})
  await world.clock.pass(0)
  world.server.stream.refuse(502)
  await world.clock.pass(29_999)
  t.equal(world.server.streams.length, 1)
  await world.clock.pass(1)
  t.equal(world.server.streams.length, 2)
})

t.test('a page that is put away holds no connection and dials none', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.surroundings?.suspend()
  t.ok(world.server.stream.signal.aborted)
  t.same(world.realtime.status, { state: 'reconnecting', attempt: 1, nextRetryAt: null, reason: 'suspended' })
  await world.clock.pass(60_000)
  t.equal(world.server.streams.length, 1)
})

t.test('a closed client stays closed, whatever its page goes through', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  const { surroundings } = world
  world.realtime.close()
  surroundings?.suspend()
  surroundings?.wake()
  t.equal(world.state, 'closed')
})

t.test('a page that comes back resumes', async (t) => {
  const world = new FakeWorld()
  await world.opened(['a'])
  world.surroundings?.suspend()
  world.surroundings?.wake()
  await world.clock.pass(0)
  t.equal(world.server.stream.headers.get('last-event-id'), '7-0')
})
