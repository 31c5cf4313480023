import type { WireMessage } from '../../types/message.ts'
import { errors } from '../errors.ts'
import type { Message } from '../protocol/message.ts'

/** So many messages wait for a listener before it counts as behind. */
const MAX_WAITING = 10_000

/**
 * Messages for `for await`. Each is parsed for its reader alone. One that reads
 * too slowly is stopped with ListenerBehind rather than left to fill the memory.
 */
export class Listener implements AsyncIterableIterator<WireMessage> {
  readonly #group: string | undefined
  readonly #stop: () => void
  readonly #waiting: Message[] = []
  readonly #readers: Array<(result: IteratorResult<WireMessage>) => void> = []
  #state: 'open' | 'behind' | 'over' = 'open'

  /** `listen` registers for every message of this node, and returns its remover. */
  constructor (group: string | undefined, listen: (heard: (message: Message) => void) => () => void) {
    this.#group = group
    this.#stop = listen((message) => { this.#hear(message) })
  }

  [Symbol.asyncIterator] (): this {
    return this
  }

  async next (): Promise<IteratorResult<WireMessage>> {
    if (this.#state === 'behind') {
      this.end()
      throw new errors.ListenerBehind(MAX_WAITING)
    }
    const message = this.#waiting.shift()
    if (message !== undefined) return { done: false, value: parse(message) }
    if (this.#state === 'over') return { done: true, value: undefined }
    return await new Promise((resolve) => { this.#readers.push(resolve) })
  }

  async return (): Promise<IteratorResult<WireMessage>> {
    this.#waiting.length = 0
    this.end()
    return { done: true, value: undefined }
  }

  /** What was heard may still be read; then it is done. */
  end (): void {
    this.#state = 'over'
    this.#stop()
    for (const read of this.#readers.splice(0)) read({ done: true, value: undefined })
  }

  #hear (message: Message): void {
    if (this.#group !== undefined && message.draft.group !== this.#group) return
    const read = this.#readers.shift()
    if (read !== undefined) {
      read({ done: false, value: parse(message) })
    } else if (this.#waiting.length < MAX_WAITING) {
      this.#waiting.push(message)
    } else {
      this.#state = 'behind'
      this.#waiting.length = 0
      this.#stop()
    }
  }
}

function parse (message: Message): WireMessage {
  return JSON.parse(message.json) as WireMessage
}
