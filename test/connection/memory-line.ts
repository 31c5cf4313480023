import type { Transport, TransportOwner } from '../../types/transport.ts'
import type { WireFormat } from '../../types/wire.ts'

/** Bytes that may wait before `write` says that it is enough. */
const HIGH_WATER = 64

/** A transport without a socket: it keeps every byte, and its reader reads only when told to. */
export class MemoryLine implements Transport {
  readonly kind: 'sse' | 'ws'
  readonly format: WireFormat
  /** Everything that was written, a Buffer for each write. */
  readonly writes: Buffer[] = []
  buffered = 0
  accepted = 0
  /** How it was ended, by {@link end}. */
  ended: { code: number, reason: string } | undefined
  /** Who hears from it. */
  owner: TransportOwner | undefined
  #isStuck = false
  #isGone = false
  #owesDrain = false

  constructor (format: WireFormat = 'event') {
    this.format = format
    this.kind = format === 'websocket' ? 'ws' : 'sse'
  }

  get bytes (): Buffer {
    return Buffer.concat(this.writes)
  }

  get text (): string {
    return this.bytes.toString()
  }

  attach (owner: TransportOwner): void {
    this.owner = owner
  }

  write (bytes: Buffer): boolean {
    if (this.#isGone || bytes.length === 0) return true
    this.writes.push(bytes)
    if (!this.#isStuck) {
      this.accepted += bytes.length
      return true
    }
    this.buffered += bytes.length
    this.#owesDrain ||= this.buffered >= HIGH_WATER
    return this.buffered < HIGH_WATER
  }

  end (code: number, reason: string): void {
    this.ended = { code, reason }
  }

  destroy (): void {
    queueMicrotask(() => { this.cut() })
  }

  /** From now on the reader takes nothing. */
  stall (): void {
    this.#isStuck = true
  }

  /** The reader takes up to `count` bytes; with the last of them it is back to reading everything. */
  read (count = Infinity): void {
    const taken = Math.min(count, this.buffered)
    this.buffered -= taken
    this.accepted += taken
    if (this.buffered > 0) return
    this.#isStuck = false
    if (!this.#owesDrain || this.#isGone) return
    this.#owesDrain = false
    this.owner?.drained()
  }

  /** The line is gone. */
  cut (): void {
    if (this.#isGone) return
    this.#isGone = true
    this.owner?.closed()
  }
}
