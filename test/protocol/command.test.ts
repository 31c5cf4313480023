import fc from 'fast-check'
import t from 'tap'
import { checkCommand, MAX_DEPTH, parseJson, refOf } from '../../lib/protocol/command.ts'

const malformed = { code: 'FST_REALTIME_MALFORMED' }

t.test('every command passes, in its smallest and in its largest form', async (t) => {
  for (const command of [
    { ref: 1, type: 'subscribe', group: 'a' },
    { ref: 1, type: 'subscribe', group: 'a', after: '1-1', where: { a: { in: [1] } }, events: ['created'] },
    { ref: 1, type: 'unsubscribe', group: 'a' },
    { ref: 1, type: 'unsubscribe', group: 'a', view: null },
    { ref: 1, type: 'unsubscribe', group: 'a', view: 'v' },
    { ref: 1, type: 'send', group: 'a', event: 'e', data: null },
    { ref: 1, type: 'send', id: 'once', group: 'a', event: 'e', data: { any: ['thing'] } },
    { ref: 0, type: 'ping' },
    { ref: Number.MAX_SAFE_INTEGER, type: 'ping' },
    { ref: 1, type: 'renew', token: 't' },
    { ref: 1, type: 'close' }
  ]) {
    t.equal(checkCommand(command), command, JSON.stringify(command))
  }
})

t.test('a cursor of any form or length is the log\'s to judge', async (t) => {
  t.ok(checkCommand({ ref: 1, type: 'subscribe', group: 'a', after: 'x'.repeat(9_000) }))
  t.ok(checkCommand({ ref: 1, type: 'subscribe', group: 'a', after: '' }))
})

t.test('nothing is coerced, and nothing is let in that has no name', async (t) => {
  for (const value of [
    null, undefined, 1, 'ping', true, [], [{ ref: 1, type: 'ping' }], {},
    { type: 'ping' },
    { ref: '1', type: 'ping' },
    { ref: -1, type: 'ping' },
    { ref: 1.5, type: 'ping' },
    { ref: null, type: 'ping' },
    { ref: Number.MAX_SAFE_INTEGER + 1, type: 'ping' },
    { ref: 1, type: 'PING' },
    { ref: 1, type: 'toString' },
    { ref: 1, type: ['ping'] },
    { ref: 1, type: 'reply' },
    { ref: 1, type: 'ping', more: 1 },
    { ref: 1, type: 'subscribe' },
    { ref: 1, type: 'subscribe', group: '' },
    { ref: 1, type: 'subscribe', group: ['a'] },
    { ref: 1, type: 'subscribe', group: 'a'.repeat(201) },
    { ref: 1, type: 'subscribe', group: 'a', after: 1 },
    { ref: 1, type: 'subscribe', group: 'a', after: null },
    { ref: 1, type: 'subscribe', group: 'a', where: 'a' },
    { ref: 1, type: 'subscribe', group: 'a', events: [] },
    { ref: 1, type: 'subscribe', group: 'a', events: [1] },
    { ref: 1, type: 'subscribe', group: 'a', events: Array(101).fill('e') },
    { ref: 1, type: 'unsubscribe', group: 'a', view: 1 },
    { ref: 1, type: 'send', group: 'a', event: 'e' },
    { ref: 1, type: 'send', group: 'a', event: 'e', data: 1, id: '' },
    { ref: 1, type: 'send', group: 'a', event: 'e', data: 1, id: 'x'.repeat(201) },
    { ref: 1, type: 'renew', token: '' }
  ]) {
    t.throws(() => checkCommand(value), malformed, JSON.stringify(value))
  }
})

t.test('members that reach for the prototype are members like any other', async (t) => {
  for (const text of ['{"ref":1,"type":"ping","__proto__":{"admin":true}}', '{"ref":1,"type":"ping","constructor":{"prototype":{}}}', '{"__proto__":{"ref":1,"type":"ping"}}']) {
    t.throws(() => checkCommand(parseJson(text)), malformed, text)
  }
  t.equal(({} as { admin?: unknown }).admin, undefined)
})

t.test('no value makes the check throw anything else', async (t) => {
  fc.assert(fc.property(fc.oneof(fc.anything(), fc.record({ ref: fc.anything(), type: fc.constantFrom('subscribe', 'send', 'ping'), group: fc.anything() })), (value) => {
    try {
      checkCommand(value)
      return true
    } catch (error) {
      return (error as { code?: unknown }).code === malformed.code
    }
  }))
  t.pass()
})

t.test('text that is not JSON is malformed', async (t) => {
  for (const text of ['', '{', 'ping', '{"ref":1,}', '\0']) t.throws(() => parseJson(text), malformed, JSON.stringify(text))
})

t.test('JSON may nest as deeply as the limit and no deeper', async (t) => {
  const nest = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  t.ok(parseJson(nest(MAX_DEPTH)))
  t.throws(() => parseJson(nest(MAX_DEPTH + 1)), malformed)
  t.throws(() => parseJson('{"a":'.repeat(200_000)), malformed)
})

t.test('what is wide is not deep', async (t) => {
  t.equal((parseJson(`[${'[],{},'.repeat(MAX_DEPTH)}0]`) as unknown[]).length, 2 * MAX_DEPTH + 1)
})

t.test('brackets within strings do not nest', async (t) => {
  const text = JSON.stringify(`\\"${'['.repeat(MAX_DEPTH + 1)}`)
  t.equal(parseJson(text), JSON.parse(text))
})

t.test('JSON that does not nest too deeply is parsed as it is', async (t) => {
  fc.assert(fc.property(fc.json({ maxDepth: 5 }), (text) => {
    t.strictSame(parseJson(text), JSON.parse(text))
  }), { numRuns: 100 })
})

t.test('the ref is found in anything that has a good one', async (t) => {
  t.equal(refOf({ ref: 7, type: 'nonsense' }), 7)
  for (const value of [null, undefined, 7, 'x', [], {}, { ref: '7' }, { ref: -1 }, { ref: 0.5 }]) t.equal(refOf(value), null, JSON.stringify(value))
})
