import type { Backplane, Draft } from '../../types/backplane.ts'
import { errors } from '../errors.ts'
import { formatPosition } from '../protocol/cursor.ts'

/**
 * The backplane of a single process. Its generation is the millisecond it was
 * made, so positions of an earlier run are recognised as such.
 */
export class MemoryBackplane implements Backplane {
  readonly #generation: number
  #counter = 0
  #receive: ((draft: Draft, id: string | null) => void) | undefined

  constructor (now: number = Date.now()) {
    this.#generation = now
  }

  get position (): string {
    return formatPosition({ generation: this.#generation, counter: this.#counter })
  }

  get healthy (): boolean {
    return this.#receive !== undefined
  }

  async start (receive: (draft: Draft, id: string | null) => void): Promise<void> {
    this.#receive = receive
  }

  async publish (drafts: readonly Draft[]): Promise<Array<string | null>> {
    const receive = this.#receive
    if (receive === undefined) throw new errors.Closed()
    const ids: Array<string | null> = []
    for (const draft of drafts) {
      if (!draft.volatile) this.#counter++
      const id = draft.volatile ? null : this.position
      receive(draft, id)
      ids.push(id)
    }
    return ids
  }

  async close (): Promise<void> {
    this.#receive = undefined
  }
}
