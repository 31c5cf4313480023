import type { Delivery, WireFormat } from '../../types/wire.ts'
import type { Message } from '../protocol/message.ts'

/** Messages next to each other in position order which go to the same members. */
export type Run = readonly Message[]

/**
 * What one flush holds for a connection: runs in position order, as a path
 * through a tree. Connections that are in the same groups walk the same path and
 * share its end, so what they get is joined once, per wire format, for all of them.
 */
export class Batch implements Delivery {
  readonly count: number
  readonly #before: Batch | undefined
  readonly #run: Run
  #next: Batch | undefined
  readonly #bytes: Partial<Record<WireFormat, Buffer>> = {}

  constructor (before: Batch | undefined, run: Run) {
    this.#before = before
    this.#run = run
    this.count = run.length + (before?.count ?? 0)
  }

  /**
   * The same path, and then `run`. Runs are handed out one after the other to all
   * connections, so only the branch made last can be the one looked for.
   */
  with (run: Run): Batch {
    if (this.#next === undefined || this.#next.#run !== run) this.#next = new Batch(this, run)
    return this.#next
  }

  bytes (format: WireFormat): Buffer {
    this.#bytes[format] ??= this.#join(format)
    return this.#bytes[format]
  }

  * groups (): Iterable<string> {
    for (const run of this.#path()) {
      for (const message of run) {
        if (message.id !== null) yield message.draft.group
      }
    }
  }

  #join (format: WireFormat): Buffer {
    const parts: Buffer[] = []
    for (const run of this.#path()) {
      for (const message of run) parts.push(message.bytes(format))
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  }

  #path (): Run[] {
    const path: Run[] = []
    for (let batch: Batch | undefined = this; batch !== undefined; batch = batch.#before) path.push(batch.#run)
    return path.reverse()
  }
}
