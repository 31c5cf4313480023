import t from 'tap'
import { grantJoin } from '../../lib/connection/joining.ts'
import { recheck, recheckEvery, revoke } from '../../lib/connection/revoking.ts'
import { readEvents } from '../order/events.ts'
import { MemoryLine } from './memory-line.ts'
import { draft, MemoryNode, type NodeParts } from './memory-node.ts'

const events = (line: MemoryLine): string[] => readEvents(line.format, line.bytes).slice(1).map(({ event }) => event)

t.test('once it resolves nothing more of the group is written, and what was sent before has been', async (t) => {
  const node = new MemoryNode()
  const [hit, other] = [new MemoryLine(), new MemoryLine()]
  node.connect(hit, { user: 'u', groups: ['a', 'b'] })
  node.connect(other, { user: 'v', groups: ['a'] })
  node.publish(draft('a', 1))
  await revoke(node.context, { user: 'u', group: 'a' })
  node.publish(draft('a', 2), draft('b', 3))
  await node.hub.boundary()
  t.same(events(hit), ['message', 'realtime:left', 'message'])
  t.same(events(other), ['message', 'message'])
})

t.test('without a group it closes, whoever all names fit', async (t) => {
  const node = new MemoryNode()
  const lines = [new MemoryLine(), new MemoryLine(), new MemoryLine()]
  const [first] = [node.connect(lines[0]!, { user: 'u' }), node.connect(lines[1]!, { user: 'u' }), node.connect(lines[2]!, { user: 'v' })]
  await revoke(node.context, { user: 'v', connection: first.id })
  t.same(lines.map(({ ended }) => ended?.code), [undefined, undefined, undefined])
  await revoke(node.context, { connection: first.id })
  t.same(lines.map(({ ended }) => ended?.code), [4403, undefined, undefined])
  await revoke(node.context, { user: 'u' })
  t.same(lines.map(({ ended }) => ended?.code), [4403, 4403, undefined])
  for (const line of lines) line.cut()
})

t.test('a group alone is taken from all its members', async (t) => {
  const node = new MemoryNode()
  const lines = Array.from({ length: 20 }, () => new MemoryLine())
  for (const line of lines) node.connect(line, { groups: ['a', 'b'] })
  await revoke(node.context, { group: 'a' })
  t.equal(node.hub.groupSize('a'), 0)
  t.equal(node.hub.groupSize('b'), 20)
})

t.test('the plugin\'s own groups cannot be revoked', async (t) => {
  await t.rejects(revoke(new MemoryNode().context, { group: '@all' }), { code: 'FST_REALTIME_BAD_GROUP' })
})

t.test('a recheck asks again, and takes what is refused now', async (t) => {
  let refused = ''
  const node = new MemoryNode({ canJoin: ({ user, group }) => `${user}:${group}` !== refused })
  const [line, other] = [new MemoryLine(), new MemoryLine()]
  node.connect(line, { user: 'u', groups: ['a', 'b'] })
  node.connect(other, { user: 'v', groups: ['a'] })
  await recheck(node.context, {})
  t.same(events(line), [])
  refused = 'u:a'
  await recheck(node.context, { user: 'v' })
  await recheck(node.context, { group: 'b' })
  t.same(events(line), [])
  await recheck(node.context, { user: 'u' })
  t.same(readEvents('event', line.bytes).at(-1)?.data, { group: 'a', reason: 'revoked' })
  t.same(events(other), [])
})

t.test('a recheck that fails takes the membership', async (t) => {
  const node = new MemoryNode({ canJoin: () => { throw new Error('down') } })
  node.connect(new MemoryLine(), { groups: ['a'] })
  await recheck(node.context, {})
  t.equal(node.hub.groupSize('a'), 0)
})

t.test('what the server itself granted is not asked about', async (t) => {
  const node = new MemoryNode({ canJoin: () => false })
  const connection = node.connect(new MemoryLine(), { user: 'u' })
  await grantJoin(node.context, connection, { group: 'a', after: undefined, ref: null })
  await recheck(node.context, {})
  t.same(['a', '@all', '@user:u'].map((group) => node.hub.groupSize(group)), [1, 1, 1])
  await revoke(node.context, { group: 'a' })
  t.equal(node.hub.groupSize('a'), 0)
})

t.test('a recheck that is still under way when the next is due is not joined by another', async (t) => {
  const isBlocked: Array<(allowed: boolean) => void> = []
  const { node } = newRechecked({ canJoin: async () => await new Promise<boolean>((resolve) => { isBlocked.push(resolve) }) })
  const timer = recheckEvery(node.context, 1)
  await ticks(5)
  t.equal(isBlocked.length, 1)
  isBlocked[0]!(true)
  await ticks(5)
  t.equal(isBlocked.length, 2)
  clearInterval(timer)
})

/** A node with a connection in a group. */
function newRechecked (parts: NodeParts): { node: MemoryNode } {
  const node = new MemoryNode(parts)
  node.connect(new MemoryLine(), { groups: ['a'] })
  return { node }
}

/** Resolves when a timer of a millisecond has fired so often: others of that interval have, too. */
async function ticks (count: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (--count > 0) return
      clearInterval(timer)
      resolve()
    }, 1)
  })
}
