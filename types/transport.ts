import type { WireFormat } from './wire.ts'

/** Who hears from a transport. None of these may throw. */
export interface TransportOwner {
  /** The line has taken all that was written to it. */
  drained (): void
  /** The line is gone, whoever ended it. Called once. */
  closed (): void
  /** A text frame came in. WebSocket only. */
  received (text: string): void
  /** Something came in that can never be a command. WebSocket only. */
  unreadable (what: 'binary frame'): void
  /** What came in broke the protocol, and the transport is closing the line by itself. WebSocket only. */
  failed (): void
}

/**
 * Bytes to one client. A transport knows no groups and no messages, and has no
 * read side but what {@link TransportOwner} hears.
 */
export interface Transport {
  readonly kind: 'sse' | 'ws'
  readonly format: WireFormat
  /** Bytes written and not yet taken by the kernel. */
  readonly buffered: number
  /** Bytes the kernel has taken: where it stands still while `buffered` is not 0, the reader is stuck. */
  readonly accepted: number
  /** Names who hears of it; once, before the first write. */
  attach (owner: TransportOwner): void
  /** Writes bytes of its own `format`; `false` when the line cannot take more for now. */
  write (bytes: Buffer): boolean
  /** Ends it after what was written, with a WebSocket close code and reason. */
  end (code: number, reason: string): void
  /** Cuts it. */
  destroy (): void
}
