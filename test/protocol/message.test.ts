import t from 'tap'
import { Farewell, keepalive, Message, Tick } from '../../lib/protocol/message.ts'
import type { WireFormat } from '../../types/wire.ts'
import { readEvents } from '../order/events.ts'
import { draft } from '../connection/memory-node.ts'

const FORMATS: WireFormat[] = ['event', 'event-chunked', 'data', 'data-chunked', 'websocket']

t.test('a message is the same JSON text in every format that carries it', async (t) => {
  const message = new Message(draft('a', { x: 'é' }, { origin: 'tab' }), '1-2')
  t.same(JSON.parse(message.json), { id: '1-2', group: 'a', event: 'message', origin: 'tab', data: { x: 'é' } })
  for (const format of ['event', 'event-chunked', 'websocket'] as const) {
    t.ok(message.bytes(format).toString().includes(message.json), format)
  }
})

t.test('each format is read by its own reader', async (t) => {
  const message = new Message(draft('a', { x: 'é' }), '1-2')
  for (const format of FORMATS) {
    const group = format.startsWith('data') ? undefined : 'a'
    t.same(readEvents(format, message.bytes(format)), [{ id: '1-2', event: 'message', group, data: { x: 'é' } }], format)
  }
})

t.test('without a position there is no id, neither in the JSON nor before it', async (t) => {
  const message = new Message(draft('a', 1, { volatile: true }), null)
  t.notOk('id' in (JSON.parse(message.json) as object))
  for (const format of FORMATS) t.equal(readEvents(format, message.bytes(format))[0]?.id, undefined, format)
})

t.test('a format is encoded once, for all who get it', async (t) => {
  const message = new Message(draft('a', 1), '1-2')
  for (const format of FORMATS) t.equal(message.bytes(format), message.bytes(format), format)
})

t.test('a tick comes behind a comment over SSE alone', async (t) => {
  const tick = new Tick(draft('a', {}, { event: 'realtime:tick' }), '1-2')
  t.match(tick.bytes('event').toString(), /^:keepalive\n\nid: 1-2\nevent: realtime:tick\n/)
  t.same(readEvents('event-chunked', tick.bytes('event-chunked')).map(({ id }) => id), ['1-2'])
  t.match(readEvents('websocket', tick.bytes('websocket')), [{ id: '1-2', event: 'realtime:tick' }])
})

t.test('a farewell sets the reconnection delay over SSE', async (t) => {
  const farewell = new Farewell(draft('a', {}, { event: 'realtime:close' }), 1_234)
  t.match(farewell.bytes('event').toString(), /^retry: 1234\nevent: realtime:close\n/)
  t.match(readEvents('websocket', farewell.bytes('websocket')), [{ event: 'realtime:close' }])
})

t.test('a keepalive is a comment over SSE and nothing over WebSocket', async (t) => {
  t.equal(keepalive.bytes('websocket').length, 0)
  for (const format of ['event', 'data'] as const) t.equal(keepalive.bytes(format).toString(), ':keepalive\n\n')
  for (const format of ['event-chunked', 'data-chunked'] as const) t.equal(keepalive.bytes(format).toString(), 'c\r\n:keepalive\n\n\r\n')
})
