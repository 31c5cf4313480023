import { createParser, type EventSourceMessage } from 'eventsource-parser'
import fc from 'fast-check'
import t from 'tap'
import { chunk, eventBlock, KEEPALIVE, LAST_CHUNK, retryField } from '../../lib/protocol/sse.ts'
import { readChunks } from '../order/events.ts'

function parse (text: string): { events: EventSourceMessage[], retries: number[], comments: string[] } {
  const parsed = { events: [] as EventSourceMessage[], retries: [] as number[], comments: [] as string[] }
  const parser = createParser({
    onEvent: (event) => parsed.events.push(event),
    onRetry: (delay) => parsed.retries.push(delay),
    onComment: (comment) => parsed.comments.push(comment)
  })
  parser.feed(text)
  return parsed
}

t.test('an event is one event to a parser, whatever its data', async (t) => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\r', '\r\n\n', 'a\nid: 9\n\nevent: evil\ndata: x\n\n', '\u2028', '\ufeff', '\0', ' a')), (data) => {
    const { events, comments } = parse(eventBlock('1-2', 'chat:say', JSON.stringify(data)))
    return events.length === 1 && comments.length === 0 && events[0]!.id === '1-2' && events[0]!.event === 'chat:say' && JSON.parse(events[0]!.data) === data
  }))
  t.pass()
})

t.test('without an id there is no id line', async (t) => {
  t.equal(eventBlock(null, 'e', '1'), 'event: e\ndata: 1\n\n')
  t.equal(eventBlock('1-2', 'e', '1'), 'id: 1-2\nevent: e\ndata: 1\n\n')
})

t.test('a keepalive is no event', async (t) => {
  t.same(parse(`${KEEPALIVE}${eventBlock(null, 'e', '1')}`), { events: [{ id: undefined, event: 'e', data: '1' }], retries: [], comments: ['keepalive'] })
})

t.test('a delay comes with the event that follows', async (t) => {
  t.match(parse(`${retryField(2_500)}${eventBlock(null, 'e', '1')}`), { events: [{ event: 'e', data: '1' }], retries: [2_500] })
})

t.test('a chunk has its length in bytes', async (t) => {
  t.equal(chunk('aé🙂').toString(), '7\r\naé🙂\r\n')
  t.equal(chunk('x'.repeat(256)).toString('utf8', 0, 5), '100\r\n')
})

t.test('chunks one after the other are one body', async (t) => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 })), (texts) =>
    readChunks(Buffer.concat([...texts.map(chunk), LAST_CHUNK])).toString() === texts.join('')))
  t.pass()
})
