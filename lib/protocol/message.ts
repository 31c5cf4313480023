import type { Draft } from '../../types/backplane.ts'
import type { Encoded, WireFormat } from '../../types/wire.ts'
import { textFrame } from './frame.ts'
import { chunk, eventBlock, KEEPALIVE, retryField } from './sse.ts'

/**
 * A message as it is delivered: one JSON text, and from it at most one Buffer per
 * wire format, shared by every connection that gets it.
 */
export class Message implements Encoded {
  readonly draft: Draft
  /** Its position, or `null` where it has none. */
  readonly id: string | null
  readonly #bytes: Partial<Record<WireFormat, Buffer>> = {}

  constructor (draft: Draft, id: string | null) {
    this.draft = draft
    this.id = id
  }

  /** The JSON message. */
  get json (): string {
    const { head, data } = this.draft
    return this.id === null ? `{${head}"data":${data}}` : `{"id":"${this.id}",${head}"data":${data}}`
  }

  bytes (format: WireFormat): Buffer {
    this.#bytes[format] ??= this.encode(format)
    return this.#bytes[format]
  }

  protected encode (format: WireFormat): Buffer {
    switch (format) {
      case 'websocket': return textFrame(this.json)
      case 'event': return Buffer.from(this.block(this.json))
      case 'event-chunked': return chunk(this.block(this.json))
      case 'data': return Buffer.from(this.block(this.draft.data))
      case 'data-chunked': return chunk(this.block(this.draft.data))
    }
  }

  protected block (json: string): string {
    return eventBlock(this.id, this.draft.event, json)
  }
}

/** `realtime:tick`: over SSE it comes behind a comment. */
export class Tick extends Message {
  protected override block (json: string): string {
    return KEEPALIVE + super.block(json)
  }
}

/** `realtime:close`: over SSE it sets the reconnection delay as well, where there is one. */
export class Farewell extends Message {
  readonly #delay: number

  constructor (draft: Draft, delay: number) {
    super(draft, null)
    this.#delay = delay
  }

  protected override block (json: string): string {
    return (this.#delay > 0 ? retryField(this.#delay) : '') + super.block(json)
  }
}

/** The bare comment, for streams that are behind; over WebSocket it is nothing. */
export const keepalive: Encoded = {
  bytes (format) {
    switch (format) {
      case 'websocket': return NOTHING
      case 'event': case 'data': return COMMENT
      case 'event-chunked': case 'data-chunked': return COMMENT_CHUNK
    }
  }
}

const NOTHING = Buffer.alloc(0)
const COMMENT = Buffer.from(KEEPALIVE)
const COMMENT_CHUNK = chunk(KEEPALIVE)
