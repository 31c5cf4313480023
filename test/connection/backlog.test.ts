import t from 'tap'
import { MemoryLine } from './memory-line.ts'
import { draft, MemoryNode } from './memory-node.ts'
import { readEvents } from '../order/events.ts'

/** A connection whose reader has taken nothing since it was opened, and is behind. */
async function stuck (): Promise<{ node: MemoryNode, line: MemoryLine, now: number }> {
  const node = new MemoryNode({ limits: { maxBufferedBytes: 100, maxLag: 1_000 } })
  const line = new MemoryLine()
  node.connect(line, { groups: ['a', 'b', 'c'] })
  line.stall()
  node.publish(draft('a', 'x'.repeat(200)))
  await node.hub.boundary()
  return { node, line, now: Date.now() }
}

/** What came after the opening and the message that was too much. */
function later (line: MemoryLine): unknown[][] {
  return readEvents('event', line.bytes).slice(2).map(({ event, id, data }) => id === undefined ? [event, data] : [event, id])
}

t.test('one who is behind is given nothing, and told what it missed when it reads again', async (t) => {
  const { node, line } = await stuck()
  node.publish(draft('b', 1), draft('b', 2), draft('a', 3))
  await node.hub.boundary()
  t.equal(node.context.backlog.size, 1)
  t.same(later(line), [])
  line.read()
  t.same(later(line), [
    ['realtime:gap', { group: 'b', reason: 'expired' }],
    ['realtime:gap', { group: 'a', reason: 'expired' }],
    ['realtime:tick', '7-4']
  ])
  t.equal(node.context.counters.gaps, 2)
  t.equal(node.context.backlog.size, 0)
  node.publish(draft('c', 4))
  await node.hub.boundary()
  t.same(later(line).at(-1), ['message', '7-5'])
})

t.test('one who missed nothing is told nothing', async (t) => {
  const { node, line } = await stuck()
  node.publish(draft('b', 1, { volatile: true }), draft('elsewhere', 2))
  await node.hub.boundary()
  line.read()
  t.same(later(line), [])
  t.equal(node.context.backlog.size, 0)
})

t.test('what was missed is told once', async (t) => {
  const { node, line } = await stuck()
  node.publish(draft('b', 1))
  await node.hub.boundary()
  line.read()
  line.stall()
  node.publish(draft('a', 'x'.repeat(200)))
  await node.hub.boundary()
  node.publish(draft('c', 1))
  await node.hub.boundary()
  line.read()
  const gap = (group: string): unknown[] => ['realtime:gap', { group, reason: 'expired' }]
  t.same(later(line), [gap('b'), ['realtime:tick', '7-2'], ['message', '7-3'], gap('c'), ['realtime:tick', '7-4']])
})

t.test('one who takes nothing for maxLag is closed, and counted once', async (t) => {
  const { node, line, now } = await stuck()
  const { backlog, counters } = node.context
  backlog.sweep(now + 900)
  t.equal(line.ended, undefined)
  backlog.sweep(now + 1_100)
  t.same(line.ended, { code: 4408, reason: 'slow' })
  backlog.sweep(now + 9_000)
  t.equal(counters.closedSlow, 1)
  line.cut()
  t.equal(backlog.size, 0)
})

t.test('one who takes a byte now and then is not closed', async (t) => {
  const { node, line, now } = await stuck()
  for (let i = 1; i < 20; i++) {
    line.read(1)
    node.context.backlog.sweep(now + i * 900)
    node.context.backlog.sweep(now + i * 900 + 800)
  }
  t.equal(line.ended, undefined)
})

t.test('one who was told goodbye is not slow', async (t) => {
  const { node, line, now } = await stuck()
  for (const connection of node.context.registry) connection.close('server')
  node.context.backlog.sweep(now + 9_000)
  t.same(line.ended, { code: 1000, reason: 'server' })
  t.equal(node.context.counters.closedSlow, 0)
  line.cut()
})
