/** A message that was published. */
export interface Published {
  readonly id: string | null
  readonly group: string
  readonly origin?: string | undefined
  /** The one connection it was for. */
  readonly to?: unknown
}

/** Every message of a run, in the order of publishing, which numbers them from 1: the `n` of their data. */
export class Log {
  readonly #messages: Published[] = []
  readonly #kept: number[] = []

  /** The number of the message to come. */
  get next (): number {
    return this.#messages.length + 1
  }

  add (message: Published): void {
    if (message.id !== null) this.#kept[counterOf(message.id)] = this.next
    this.#messages.push(message)
  }

  message (n: number): Published | undefined {
    return this.#messages[n - 1]
  }

  /** The number of the message at a counter. */
  at (counter: number): number {
    return this.#kept[counter]!
  }
}

/** The counter of a position; one run has one generation. */
export function counterOf (position: string): number {
  const [, counter] = /^\d+-(\d+)$/.exec(position)!
  return Number(counter)
}
