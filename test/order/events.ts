import assert from 'node:assert/strict'
import { createParser } from 'eventsource-parser'
import type { WireFormat } from '../../types/wire.ts'

/** What a client makes of one message. */
export interface WireEvent {
  readonly id: string | undefined
  readonly event: string
  /** `undefined` also where the format does not show it. */
  readonly group: string | undefined
  readonly data: unknown
}

/** The events that are complete within `bytes`, which may end anywhere; replies to commands are none. */
export function readEvents (format: WireFormat, bytes: Buffer): WireEvent[] {
  switch (format) {
    case 'websocket': return readFrames(bytes).map(readMessage).filter(({ event }) => event !== undefined)
    case 'event': case 'data': return readStream(bytes, format === 'data')
    case 'event-chunked': case 'data-chunked': return readStream(readChunks(bytes), format === 'data-chunked')
  }
}

/** The body within chunked bytes (RFC 9112 section 7.1), as far as it came. */
export function readChunks (bytes: Buffer): Buffer {
  const body: Buffer[] = []
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at)
    if (end < 0) return Buffer.concat(body)
    const size = bytes.toString('latin1', at, end)
    assert.match(size, /^[0-9a-f]+$/, 'a chunk begins with its size')
    const length = parseInt(size, 16)
    const data = bytes.subarray(end + 2, end + 2 + length)
    body.push(data)
    at = end + 2 + length
    const edge = bytes.toString('latin1', at, at + 2)
    assert.ok('\r\n'.startsWith(edge), 'a chunk ends with its size')
    at += 2
  }
}

/** The payloads of whole text frames (RFC 6455 section 5.2), as a server sends them. */
export function readFrames (bytes: Buffer): string[] {
  const texts: string[] = []
  for (let at = 0; at + 2 <= bytes.length;) {
    assert.equal(bytes[at], 0x81, 'every frame is one whole text')
    let length = bytes[at + 1]!
    let head = 2
    if (length === 126) {
      head = 4
      if (at + head > bytes.length) break
      length = bytes.readUInt16BE(at + 2)
    } else if (length === 127) {
      head = 10
      if (at + head > bytes.length) break
      length = Number(bytes.readBigUInt64BE(at + 2))
    }
    at += head
    if (at + length > bytes.length) break
    texts.push(bytes.toString('utf8', at, at + length))
    at += length
  }
  return texts
}

function readStream (bytes: Buffer, isBare: boolean): WireEvent[] {
  const events: WireEvent[] = []
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      if (isBare) {
        events.push({ id, event: event!, group: undefined, data: JSON.parse(data) as unknown })
        return
      }
      const message = readMessage(data)
      assert.equal(message.id, id, 'the id line is the message\'s id')
      assert.equal(message.event, event, 'the event line is the message\'s event')
      events.push(message)
    },
    onError: (error) => { throw error }
  })
  parser.feed(new TextDecoder().decode(bytes, { stream: true }))
  return events
}

function readMessage (text: string): WireEvent {
  const { id, event, group, data } = JSON.parse(text) as WireEvent
  return { id, event, group, data }
}
