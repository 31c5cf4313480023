import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { readFrames } from '../order/events.ts'
import { MemoryLine } from './memory-line.ts'
import { draft, MemoryNode, type NodeParts } from './memory-node.ts'

function newSession (parts: NodeParts = {}): { node: MemoryNode, line: MemoryLine, say: (text: string) => Promise<void>, heard: () => unknown[] } {
  const node = new MemoryNode(parts)
  const line = new MemoryLine('websocket')
  const connection = node.connect(line)
  return {
    node,
    line,
    say: async (text) => {
      connection.received(text)
      await setImmediate()
    },
    heard: () => readFrames(line.bytes).slice(1).map((text) => JSON.parse(text) as unknown)
  }
}

const malformed = (ref: number | null): object => ({ ref, ok: false, error: { code: 'FST_REALTIME_MALFORMED' } })

t.test('every command has one reply, with its ref', async (t) => {
  const { say, heard } = newSession()
  await say('{"ref":1,"type":"ping"}')
  await say('{"ref":2,"type":"unsubscribe","group":"a"}')
  await say('{"ref":3,"type":"send","group":"a","event":"e","data":1}')
  await say('{"ref":4,"type":"renew","token":"t"}')
  t.match(heard(), [
    { ref: 1, ok: true, data: {} },
    { ref: 2, ok: true, data: {} },
    { ref: 3, ok: false, error: { code: 'FST_REALTIME_NOT_MEMBER' } },
    { ref: 4, ok: false, error: { code: 'FST_REALTIME_FORBIDDEN' } }
  ])
})

t.test('the reply to subscribe comes before realtime:joined', async (t) => {
  const { say, heard } = newSession()
  await say('{"ref":1,"type":"subscribe","group":"a"}')
  t.match(heard(), [{ ref: 1, ok: true, data: { view: null } }, { event: 'realtime:joined', id: '7-0', data: { ref: 1, group: 'a' } }])
})

t.test('what is no command is answered, with its ref where there is one', async (t) => {
  const { say, heard, node } = newSession()
  await say('{')
  await say('[]')
  await say('{"ref":3,"type":"nonsense"}')
  t.match(heard(), [malformed(null), malformed(null), malformed(3)])
  t.equal(node.context.counters.malformed, 3)
})

t.test('ten malformed frames in a row are borne, the eleventh closes', async (t) => {
  const { say, line } = newSession()
  for (let i = 0; i < 10; i++) await say('{')
  t.equal(line.ended, undefined)
  await say('{')
  t.same(line.ended, { code: 4400, reason: 'malformed' })
  line.cut()
})

t.test('a good command in between forgives', async (t) => {
  const { say, line } = newSession()
  for (let i = 0; i < 10; i++) await say('{')
  await say('{"ref":1,"type":"ping"}')
  for (let i = 0; i < 10; i++) await say('{')
  t.equal(line.ended, undefined)
})

t.test('who asks too often is refused, and who floods is closed', async (t) => {
  const { node, line, heard } = newSession({ limits: { messagesPerSecond: 1 } })
  const connection = [...node.context.registry][0]!
  for (let i = 0; i < 20 && line.ended === undefined; i++) connection.received('{"ref":1,"type":"ping"}')
  t.same(line.ended, { code: 4429, reason: 'too-many-messages' })
  await setImmediate()
  t.match(heard().find((reply) => (reply as { ok?: unknown }).ok === false), { error: { code: 'FST_REALTIME_TOO_MANY_MESSAGES' } })
  line.cut()
})

t.test('close answers first and ends then', async (t) => {
  const { say, heard, line } = newSession()
  await say('{"ref":1,"type":"close"}')
  t.match(heard(), [{ ref: 1, ok: true }, { event: 'realtime:close', data: { reason: 'client', retry: false } }])
  t.same(line.ended, { code: 1000, reason: 'client' })
  line.cut()
})

t.test('a filter is refused, for what it would not do', async (t) => {
  const { say, heard, node } = newSession()
  await say('{"ref":1,"type":"subscribe","group":"a","where":{"x":1}}')
  await say('{"ref":2,"type":"subscribe","group":"a","events":["created"]}')
  t.match(heard(), [{ ref: 1, error: { code: 'FST_REALTIME_UNSUPPORTED_FILTER' } }, { ref: 2, error: { code: 'FST_REALTIME_UNSUPPORTED_FILTER' } }])
  t.equal(node.hub.groupSize('a'), 0)
})

t.test('unsubscribe leaves unless it names a view that is not there', async (t) => {
  const { say, node } = newSession()
  for (const { view, left } of [{ view: ',"view":"v"', left: false }, { view: '', left: true }, { view: ',"view":null', left: true }]) {
    await say('{"ref":1,"type":"subscribe","group":"a"}')
    await say(`{"ref":2,"type":"unsubscribe","group":"a"${view}}`)
    t.equal(node.hub.groupSize('a'), left ? 0 : 1, view)
  }
})

t.test('whatever comes in, the line stays in order and each frame has one answer', async (t) => {
  const frame = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.record({ ref: fc.oneof(fc.nat(), fc.anything()), type: fc.constantFrom('subscribe', 'unsubscribe', 'send', 'ping', 'renew', 'x'), group: fc.oneof(fc.constantFrom('a', '@all', '__proto__'), fc.string()) }, { requiredKeys: [] })
      .map((value) => { try { return JSON.stringify(value) ?? '' } catch { return '' } })
  )
  await fc.assert(fc.asyncProperty(fc.array(frame, { maxLength: 10 }), async (frames) => {
    const { node, line, say, heard } = newSession()
    for (const text of frames) await say(text)
    node.publish(draft('@all', 'still here'))
    await node.hub.boundary()
    const replies = heard().filter((value) => typeof (value as { ok?: unknown }).ok === 'boolean')
    return line.ended === undefined && replies.length === frames.length && (heard().at(-1) as { data?: unknown }).data === 'still here'
  }), { numRuns: 200 })
  t.pass()
})
