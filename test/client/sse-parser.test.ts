import assert from 'node:assert/strict'
import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { createStreamParser, type StreamEvent } from '../../lib/client/sse-parser.ts'

interface Parsed {
  events: StreamEvent[]
  retries: number[]
}

const encoder = new TextEncoder()

/** Parses bytes that come in pieces, cut at the given places. */
function parse (bytes: Uint8Array, cuts: number[] = []): Parsed {
  const parsed: Parsed = { events: [], retries: [] }
  const push = createStreamParser({
    event: (event) => parsed.events.push(event),
    retry: (delay) => parsed.retries.push(delay)
  })
  const edges = [...new Set([0, ...cuts, bytes.length])].sort((a, b) => a - b)
  for (let i = 1; i < edges.length; i++) push(bytes.subarray(edges[i - 1], edges[i]))
  return parsed
}

function parseText (text: string): Parsed {
  return parse(encoder.encode(text))
}

function parseByOracle (text: string): Parsed {
  const parsed: Parsed = { events: [], retries: [] }
  const parser = createParser({
    onEvent: ({ id, event, data }) => parsed.events.push({ id, event, data }),
    onRetry: (delay) => parsed.retries.push(delay)
  })
  // The oracle waits for what follows a last CR; the standard does not.
  parser.feed(text.endsWith('\r') ? `${text}\n` : text)
  return parsed
}

const lineEnd = fc.constantFrom('\n', '\r', '\r\n')
const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('data', 'event', 'id'), fc.constantFrom(':', ': ', ':  '), fc.string({ unit: fc.constantFrom('a', 'é', '🙂', ' ', ':', '\0', '\u2028') })).map((parts) => parts.join('')) },
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('data', 'id', 'event', 'retry', ':', ': hello', 'Data: x', ' data: x', 'other: x') },
  { weight: 1, arbitrary: fc.constantFrom('retry: 10', 'retry:007', 'retry: 1x', 'retry: -1', 'retry: ') }
)
const stream = fc.array(fc.tuple(line, lineEnd).map((parts) => parts.join('')), { maxLength: 30 }).map((lines) => lines.join(''))

t.test('any stream, cut anywhere, parses as eventsource-parser does', async (t) => {
  fc.assert(fc.property(stream, fc.array(fc.nat(400), { maxLength: 20 }), (text, cuts) => {
    const bytes = encoder.encode(text)
    assert.deepEqual(parse(bytes, cuts.filter((cut) => cut < bytes.length)), parseByOracle(text))
  }), { numRuns: 3_000 })
  t.pass()
})

t.test('a stream cut after every byte parses as a whole one', async (t) => {
  const bytes = encoder.encode('\uFEFFid: 1-1\r\nevent: é\r\ndata: 🙂\r\n\r\ndata: b\rdata: c\r\rdata: d\n\n')
  t.same(parse(bytes, Array.from(bytes.keys())), {
    events: [
      { id: '1-1', event: 'é', data: '🙂' },
      { id: undefined, event: undefined, data: 'b\nc' },
      { id: undefined, event: undefined, data: 'd' }
    ],
    retries: []
  })
})

t.test('a byte order mark is no part of the first field', async (t) => {
  t.equal(parseText('\uFEFFdata: a\n\n').events[0]?.data, 'a')
})

t.test('an id with NUL is ignored', async (t) => {
  t.equal(parseText('id: 1\nid: 2\0\ndata: a\n\n').events[0]?.id, '1')
})

t.test('a block without data is no event, and leaves nothing behind', async (t) => {
  t.same(parseText('id: 1\nevent: x\n\ndata: a\n\n').events, [{ id: undefined, event: undefined, data: 'a' }])
})

t.test('empty data is an event', async (t) => {
  t.equal(parseText('data:\n\n').events[0]?.data, '')
})

t.test('a block that the stream ends in is no event', async (t) => {
  t.same(parseText('data: a\n').events, [])
})

t.test('an event is complete with a CR at the end of the bytes', async (t) => {
  t.equal(parseText('data: a\r\r').events.length, 1)
})

t.test('every character is searched once, whatever the line ends and the pieces', async (t) => {
  const searched = countSearches(t)
  const text = `data: ${'x'.repeat(94)}\n\n`.repeat(10_000)
  for (const lineEnd of ['\n', '\r', '\r\n']) {
    const before = searched()
    parseText(`${text.replaceAll('\n', lineEnd)}\n\r`)
    t.ok(searched() - before < 5 * text.length, `${searched() - before} of ${text.length}`)
  }

  const before = searched()
  const long = encoder.encode(`data: ${'x'.repeat(1_000_000)}\n\n`)
  parse(long, Array.from({ length: 1_000 }, (_, i) => i * 1_000))
  t.ok(searched() - before < 5 * long.length, `${searched() - before} with one line in 1,000 pieces`)
})

/** Counts the characters that `indexOf` goes over, so that the test needs no clock. */
function countSearches (t: Test): () => number {
  let count = 0
  const { indexOf } = String.prototype
  String.prototype.indexOf = function (this: string, wanted: string, from = 0) { // eslint-disable-line no-extend-native
    const at = indexOf.call(this, wanted, from)
    count += (at < 0 ? this.length : at) - from
    return at
  }
  t.teardown(() => {
    String.prototype.indexOf = indexOf // eslint-disable-line no-extend-native
  })
  return () => count
}
