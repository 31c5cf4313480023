import t from 'tap'
import { checkJoin, grantJoin, leaveGroup, type Join } from '../../lib/connection/joining.ts'
import { revoke } from '../../lib/connection/revoking.ts'
import type { Connection } from '../../lib/connection/connection.ts'
import { readEvents } from '../order/events.ts'
import { MemoryLine } from './memory-line.ts'
import { draft, MemoryNode, type NodeParts } from './memory-node.ts'

interface World {
  node: MemoryNode
  line: MemoryLine
  connection: Connection
  /** The system events after the opening, with what they are about. */
  events: () => string[]
}

function newWorld (parts: NodeParts = {}, groups: readonly string[] = []): World {
  const node = new MemoryNode(parts)
  const line = new MemoryLine()
  const connection = node.connect(line, { user: 'u', groups })
  const events = (): string[] => readEvents('event', line.bytes).slice(1).map(({ event, data }) => {
    const { group, ref, reason } = data as Record<string, unknown>
    return [event, group, ref ?? reason].join(' ').trim()
  })
  return { node, line, connection, events }
}

const join = (ref: number | null, group = 'a', after?: string): Join => ({ ref, group, after })

/** Answers of `canJoin` in the hand of a test, by group. */
function answers (): { canJoin: () => Promise<boolean>, give: Array<(allowed: boolean) => void> } {
  const give: Array<(allowed: boolean) => void> = []
  return { canJoin: async () => await new Promise<boolean>((resolve) => { give.push(resolve) }), give }
}

t.test('a join is completed by the caller, after its answer', async (t) => {
  const { node, connection, events } = newWorld()
  const complete = await checkJoin(node.context, connection, join(1), undefined)
  t.same(events(), [])
  t.equal(node.hub.groupSize('a'), 0)
  complete()
  t.same(events(), ['realtime:joined a 1'])
  t.equal(node.hub.groupSize('a'), 1)
})

t.test('a join within a fan-out takes effect after it', async (t) => {
  const { node, line, connection, events } = newWorld()
  node.publish(draft('a', 1))
  const complete = await checkJoin(node.context, connection, join(1), undefined)
  complete()
  t.same(events(), [])
  await node.hub.boundary()
  t.match(readEvents('event', line.bytes).at(-1), { event: 'realtime:joined', id: '7-1', data: { cursor: '7-1' } })
})

t.test('a cursor is answered by a gap before the join', async (t) => {
  const { node, connection, events } = newWorld()
  const complete = await checkJoin(node.context, connection, join(1, 'a', '7-0'), undefined)
  complete()
  t.same(events(), ['realtime:gap a expired', 'realtime:joined a 1'])
})

t.test('a refusal leaves nothing behind', async (t) => {
  const { node, connection, events } = newWorld({ canJoin: () => false })
  await t.rejects(checkJoin(node.context, connection, join(1), undefined), { code: 'FST_REALTIME_FORBIDDEN' })
  t.equal(connection.joining?.size, 0)
  t.same(events(), [])
})

t.test('a group that is no group is refused before anybody is asked', async (t) => {
  const { node, connection } = newWorld({ canJoin: () => { throw new Error('asked') } })
  for (const group of ['@all', '@user:v', '', 'a b']) {
    await t.rejects(checkJoin(node.context, connection, join(1, group), undefined), { code: 'FST_REALTIME_BAD_GROUP' }, group)
    await t.rejects(grantJoin(node.context, connection, join(null, group)), { code: 'FST_REALTIME_BAD_GROUP' }, group)
  }
  t.equal(node.context.counters.hookFailures, 0)
})

t.test('joins under way count as groups', async (t) => {
  const { canJoin, give } = answers()
  const { node, connection } = newWorld({ canJoin, limits: { maxGroupsPerConnection: 2 } }, ['a'])
  const second = checkJoin(node.context, connection, join(1, 'b'), undefined)
  await t.rejects(checkJoin(node.context, connection, join(2, 'c'), undefined), { code: 'FST_REALTIME_TOO_MANY_GROUPS' })
  give[0]!(true)
  const complete = await second
  complete()
  t.equal(node.hub.groupSize('b'), 1)
})

t.test('two joins of one group at the same time both succeed', async (t) => {
  const { node, connection, events } = newWorld()
  const completes = await Promise.all([checkJoin(node.context, connection, join(1), undefined), checkJoin(node.context, connection, join(2), undefined)])
  for (const complete of completes) complete()
  t.same(events(), ['realtime:joined a 1', 'realtime:joined a 2'])
  t.equal(node.hub.groupSize('a'), 1)
  t.equal(connection.joining?.size, 0)
})

t.test('leaving calls off a join that is being checked', async (t) => {
  const { canJoin, give } = answers()
  const { node, connection } = newWorld({ canJoin })
  const joining = checkJoin(node.context, connection, join(1), undefined)
  leaveGroup(node.context, connection, 'a', 'unsubscribed')
  give[0]!(true)
  await t.rejects(joining, { code: 'FST_REALTIME_FORBIDDEN' })
  t.equal(node.hub.groupSize('a'), 0)
})

t.test('leaving calls off a join that has been accepted, and the client is told', async (t) => {
  const { node, connection, events } = newWorld()
  const complete = await checkJoin(node.context, connection, join(1), undefined)
  leaveGroup(node.context, connection, 'a', 'unsubscribed')
  complete()
  t.same(events(), ['realtime:left a unsubscribed'])
  t.equal(node.hub.groupSize('a'), 0)
})

t.test('a join that was called off takes nothing from the one after it', async (t) => {
  const { node, connection, events } = newWorld()
  const first = await checkJoin(node.context, connection, join(1), undefined)
  leaveGroup(node.context, connection, 'a', 'unsubscribed')
  const second = await checkJoin(node.context, connection, join(2), undefined)
  second()
  first()
  t.same(events(), ['realtime:joined a 2'])
  t.equal(node.hub.groupSize('a'), 1)
})

t.test('an answer given before a revocation has no effect after it', async (t) => {
  for (const revoked of [{ user: 'u' }, { group: 'a' }, { user: 'u', group: 'a' }]) {
    const { canJoin, give } = answers()
    const { node, line, connection } = newWorld({ canJoin })
    const joining = checkJoin(node.context, connection, join(1), undefined)
    await revoke(node.context, revoked)
    give[0]!(true)
    await t.rejects(joining, { code: 'FST_REALTIME_FORBIDDEN' }, JSON.stringify(revoked))
    t.equal(node.hub.groupSize('a'), 0)
    line.cut()
  }
})

t.test('a join that is accepted and then revoked is not completed, and the client is told why', async (t) => {
  const { node, connection, events } = newWorld()
  const complete = await checkJoin(node.context, connection, join(1), undefined)
  await revoke(node.context, { user: 'u', group: 'a' })
  complete()
  t.same(events(), ['realtime:left a revoked'])
  t.equal(node.hub.groupSize('a'), 0)
})

t.test('a join by the server obeys a revocation that comes while it waits', async (t) => {
  const { node, connection } = newWorld()
  node.publish(draft('b', 1))
  const joining = t.rejects(grantJoin(node.context, connection, join(null)), { code: 'FST_REALTIME_FORBIDDEN' })
  await revoke(node.context, { group: 'a' })
  await joining
  t.equal(node.hub.groupSize('a'), 0)
})

t.test('a join by the server fails where the line is gone meanwhile', async (t) => {
  const { node, line, connection } = newWorld()
  node.publish(draft('b', 1))
  const joining = grantJoin(node.context, connection, join(null))
  line.cut()
  await t.rejects(joining, { code: 'FST_REALTIME_NOT_FOUND' })
})

t.test('one that is behind joins when it has been told what it missed', async (t) => {
  const { node, line, connection, events } = newWorld({ limits: { maxBufferedBytes: 100 } }, ['b'])
  line.stall()
  node.publish(draft('b', 'x'.repeat(200)))
  await node.hub.boundary()
  node.publish(draft('b', 1))
  await node.hub.boundary()
  const complete = await checkJoin(node.context, connection, join(1), undefined)
  complete()
  t.equal(node.hub.groupSize('a'), 0)
  line.read()
  t.same(events().slice(1), ['realtime:gap b expired', 'realtime:tick', 'realtime:joined a 1'])
})

t.test('what is missed in a group that one has left is told by nobody', async (t) => {
  const { node, line, connection, events } = newWorld({ limits: { maxBufferedBytes: 100 } }, ['b', 'c'])
  line.stall()
  node.publish(draft('b', 'x'.repeat(200)))
  await node.hub.boundary()
  node.publish(draft('b', 1), draft('c', 2))
  await node.hub.boundary()
  leaveGroup(node.context, connection, 'b', 'revoked')
  line.read()
  t.same(events().slice(1), ['realtime:left b revoked', 'realtime:gap c expired', 'realtime:tick'])
})

t.test('a cut line gives back what its joins held', async (t) => {
  const { node, line, connection } = newWorld({ limits: { maxBufferedBytes: 100 } }, ['b'])
  line.stall()
  node.publish(draft('b', 'x'.repeat(200)))
  await node.hub.boundary()
  const complete = await checkJoin(node.context, connection, join(1), undefined)
  complete()
  const granted = grantJoin(node.context, connection, join(null, 'c'))
  const probe = node.context.revocations.claim()
  node.context.revocations.note({ group: 'a' })
  line.cut()
  await t.rejects(granted, { code: 'FST_REALTIME_NOT_FOUND' })
  probe.release()
  t.notOk(probe.revoked(null, undefined, 'a'), 'nobody else has a claim, so nothing is remembered')
})

t.test('joins under way are bounded, those that were called off included', async (t) => {
  const { canJoin, give } = answers()
  const { node, connection } = newWorld({ canJoin, limits: { maxGroupsPerConnection: 1 } })
  const joins: Array<Promise<unknown>> = []
  for (let ref = 0; ref < 200; ref++) {
    joins.push(checkJoin(node.context, connection, join(ref), undefined))
    leaveGroup(node.context, connection, 'a', 'unsubscribed')
  }
  t.equal(give.length, 101)
  for (const answer of give) answer(true)
  const codes = (await Promise.allSettled(joins)).map((outcome) => outcome.status === 'rejected' ? (outcome.reason as { code: string }).code : 'joined')
  t.same(codes, Array.from(joins, (_join, i) => i < 101 ? 'FST_REALTIME_FORBIDDEN' : 'FST_REALTIME_TOO_MANY_GROUPS'))
  t.equal(connection.attempts, 0)
})
