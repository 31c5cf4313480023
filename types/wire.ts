/**
 * The ways a message is put on a line. `event` formats carry the whole JSON
 * message in `data:`, `data` formats the bare data; chunked ones bring their own
 * HTTP/1.1 chunk framing.
 */
export type WireFormat = 'event' | 'event-chunked' | 'data' | 'data-chunked' | 'websocket'

/** Something that can be written to a line: encoded at most once per format, and shared by all who get it. */
export interface Encoded {
  bytes (format: WireFormat): Buffer
}

/** What one connection gets in one write: messages in position order. */
export interface Delivery extends Encoded {
  /** How many messages it holds. */
  readonly count: number
  /** The groups its kept messages belong to, repetitions included. */
  groups (): Iterable<string>
}
