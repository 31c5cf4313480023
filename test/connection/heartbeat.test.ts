import { mock } from 'node:test'
import t, { type Test } from 'tap'
import { readEvents } from '../order/events.ts'
import { MemoryLine } from './memory-line.ts'
import { draft, MemoryNode } from './memory-node.ts'

const NOW = 1_700_000_000_000

t.beforeEach(() => { mock.timers.enable({ apis: ['setInterval', 'setTimeout', 'Date'], now: NOW }) })
t.afterEach(() => { mock.timers.reset() })

function newNode (t: Test): MemoryNode {
  const node = new MemoryNode({ heartbeat: 1_000, limits: { maxBufferedBytes: 100 } })
  node.context.heartbeat.start()
  t.teardown(() => { node.context.heartbeat.stop() })
  return node
}

/** The ids of the ticks on a line. */
function ticks (line: MemoryLine): Array<string | undefined> {
  return readEvents(line.format, line.bytes).filter(({ event }) => event === 'realtime:tick').map(({ id }) => id)
}

t.test('every connection gets one tick an interval, whenever it came', async (t) => {
  const node = newNode(t)
  const lines: MemoryLine[] = []
  for (let i = 0; i < 25; i++) {
    lines.push(new MemoryLine())
    node.connect(lines[i]!)
    mock.timers.tick(70)
  }
  const before = lines.map((line) => ticks(line).length)
  mock.timers.tick(3_000)
  t.same(lines.map((line, i) => ticks(line).length - before[i]!), lines.map(() => 3))
})

t.test('a newcomer\'s first tick comes a whole interval after it', async (t) => {
  const node = newNode(t)
  const line = new MemoryLine()
  node.connect(line)
  mock.timers.tick(999)
  t.equal(ticks(line).length, 0)
  mock.timers.tick(1)
  t.equal(ticks(line).length, 1)
})

t.test('those who are ticked together are written the same bytes', async (t) => {
  const node = newNode(t)
  const lines = [new MemoryLine(), new MemoryLine()]
  for (const line of lines) node.connect(line)
  mock.timers.tick(1_000)
  t.equal(lines[0]!.writes.at(-1), lines[1]!.writes.at(-1))
})

t.test('a tick carries the position, after what is under way', async (t) => {
  const node = newNode(t)
  const line = new MemoryLine()
  node.connect(line, { groups: ['a'] })
  node.publish(draft('a', 1))
  mock.timers.tick(1_000)
  t.same(ticks(line), [])
  await node.hub.boundary()
  t.same(ticks(line), ['7-1'])
  t.equal(readEvents('event', line.bytes).at(-1)?.event, 'realtime:tick')
})

t.test('a connection that is behind gets the comment alone', async (t) => {
  const node = newNode(t)
  const line = new MemoryLine()
  node.connect(line, { groups: ['a'] })
  line.stall()
  node.publish(draft('a', 'x'.repeat(200)))
  await node.hub.boundary()
  mock.timers.tick(1_000)
  t.same(ticks(line), [])
  t.equal(line.writes.at(-1)?.toString(), ':keepalive\n\n')
})

t.test('one who is gone gets no tick', async (t) => {
  const node = newNode(t)
  const line = new MemoryLine()
  node.connect(line)
  line.cut()
  const count = line.writes.length
  mock.timers.tick(5_000)
  t.equal(line.writes.length, count)
})

t.test('stopped, nothing beats', async (t) => {
  const node = newNode(t)
  const line = new MemoryLine()
  node.connect(line)
  node.context.heartbeat.stop()
  mock.timers.tick(5_000)
  t.same(ticks(line), [])
})

t.test('an identity that expires is told 30 seconds before, once, and closed 25 seconds after', async (t) => {
  const node = newNode(t)
  const line = new MemoryLine()
  node.connect(line, { user: 'u', expiresAt: NOW + 60_000 })
  const expiring = (): unknown[] => readEvents('event', line.bytes).filter(({ event }) => event === 'realtime:expiring').map(({ data }) => data)
  mock.timers.tick(29_900)
  t.same(expiring(), [])
  mock.timers.tick(100)
  t.same(expiring(), [{ in: 30_000 }])
  mock.timers.tick(54_900)
  t.equal(line.ended, undefined)
  mock.timers.tick(100)
  t.same(line.ended, { code: 4401, reason: 'expired' })
  t.equal(expiring().length, 1)
  line.cut()
})
