import t from 'tap'
import { readEvents } from '../order/events.ts'
import { MemoryLine } from './memory-line.ts'
import { draft, MemoryNode } from './memory-node.ts'

const events = (line: MemoryLine): string[] => readEvents(line.format, line.bytes).map(({ event }) => event)

t.test('what one turn brings is one write for each connection, and the same Buffer for those in the same groups', async (t) => {
  const node = new MemoryNode()
  const lines = [new MemoryLine('websocket'), new MemoryLine('websocket'), new MemoryLine('event-chunked'), new MemoryLine('event-chunked')]
  for (const line of lines) node.connect(line, { groups: ['a', 'b'] })
  node.publish(draft('a', 1), draft('b', 2), draft('a', 3), draft('@all', 4))
  await node.hub.boundary()
  t.same(lines.map(({ writes }) => writes.length), [2, 2, 2, 2])
  t.equal(lines[0]!.writes[1], lines[1]!.writes[1])
  t.equal(lines[2]!.writes[1], lines[3]!.writes[1])
  t.equal(node.context.counters.delivered, 16)
})

t.test('after its goodbye nothing is written', async (t) => {
  const node = new MemoryNode()
  const line = new MemoryLine()
  const connection = node.connect(line, { groups: ['a'] })
  connection.close('server', 0)
  connection.close('slow')
  node.publish(draft('a', 1))
  await node.hub.boundary()
  t.same(events(line), ['realtime:open', 'realtime:close'])
  t.same(line.ended, { code: 1000, reason: 'server' })
  line.cut()
})

t.test('one that is behind is ended without words', async (t) => {
  const node = new MemoryNode({ limits: { maxBufferedBytes: 100 } })
  const line = new MemoryLine()
  const connection = node.connect(line, { groups: ['a'] })
  line.stall()
  node.publish(draft('a', 'x'.repeat(200)))
  await node.hub.boundary()
  connection.close('slow')
  t.same(events(line), ['realtime:open', 'message'])
  t.same(line.ended, { code: 4408, reason: 'slow' })
  line.cut()
})

t.test('when its line is gone it is in no group, and its goodbye is over', async (t) => {
  const node = new MemoryNode()
  const line = new MemoryLine()
  const left: string[] = []
  node.context.observers.onLeave('*', (_connection, group) => { left.push(group) })
  node.connect(line, { user: 'u', groups: ['a', 'b'] }).close('server')
  line.cut()
  await node.context.goodbyes.all()
  t.equal(node.hub.groupCount, 0)
  t.same(left, ['a', 'b'])
})

t.test('what waits until it has caught up runs when it has, after the gaps', async (t) => {
  const node = new MemoryNode({ limits: { maxBufferedBytes: 100 } })
  const line = new MemoryLine()
  const connection = node.connect(line, { groups: ['a'] })
  line.stall()
  node.publish(draft('a', 'x'.repeat(200)))
  await node.hub.boundary()
  node.publish(draft('a', 1))
  await node.hub.boundary()
  let before: string[] | undefined
  connection.whenCaughtUp(() => { before = events(line) })
  t.equal(before, undefined)
  line.read()
  t.same(before, ['realtime:open', 'message', 'realtime:gap', 'realtime:tick'])
})

t.test('what waits until it has caught up runs also when its line is cut', async (t) => {
  const node = new MemoryNode({ limits: { maxBufferedBytes: 100 } })
  const line = new MemoryLine()
  const connection = node.connect(line, { groups: ['a'] })
  line.stall()
  node.publish(draft('a', 'x'.repeat(200)))
  await node.hub.boundary()
  let state: string | undefined
  connection.whenCaughtUp(() => { state = connection.state })
  line.cut()
  t.equal(state, 'closed')
})
