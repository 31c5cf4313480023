import type { WireMessage } from '../../types/message.ts'
import type { Reply } from '../../lib/protocol/command.ts'

/** A message as it came: its JSON, and over SSE the fields around it. */
export interface Received {
  text: string
  message: WireMessage<any>
  /** Over SSE the `id:` field, over WebSocket the message's own `id`. */
  id: string | undefined
  /** Over SSE the `event:` field. */
  event: string
}

/** What a client has received, in order. */
export class Inbox {
  readonly received: Received[] = []
  #replies: Reply[] = []
  readonly #waiting = new Set<() => boolean>()
  readonly #abandoned = new Set<(error: Error) => void>()
  #isOver = false

  /** The messages without the wrapping. */
  get messages (): Array<WireMessage<any>> {
    return this.received.map(({ message }) => message)
  }

  /** The messages of one event. */
  of (event: string): Array<WireMessage<any>> {
    return this.messages.filter((message) => message.event === event)
  }

  /** Resolves with the first message of an event, or that fits, come or still to come; rejects if the line ends before. */
  async until (wanted: string | ((message: WireMessage<any>) => boolean)): Promise<WireMessage<any>> {
    const fits = typeof wanted === 'string' ? (message: WireMessage) => message.event === wanted : wanted
    return await this.#first(() => this.messages.find(fits), String(wanted))
  }

  /** Resolves with the next reply to a command of that number; `null` where the server could not read it. */
  async reply (ref: number | null): Promise<Reply> {
    const found = await this.#first(() => this.#replies.find((reply) => reply.ref === ref), `the reply to ${ref}`)
    this.#replies = this.#replies.filter((reply) => reply !== found)
    return found
  }

  add (one: Received | Reply): void {
    if ('ok' in one) this.#replies.push(one)
    else this.received.push(one)
    for (const look of this.#waiting) look()
  }

  /** Nothing more will come. */
  over (): void {
    this.#isOver = true
    for (const abandon of this.#abandoned) abandon(new Error(`the line ended after ${this.received.map(({ event }) => event).join(', ')}`))
  }

  async #first<T> (find: () => T | undefined, what: string): Promise<T> {
    return await new Promise((resolve, reject) => {
      const look = (): boolean => {
        const found = find()
        if (found === undefined) return false
        this.#waiting.delete(look)
        this.#abandoned.delete(reject)
        resolve(found)
        return true
      }
      if (look()) return
      if (this.#isOver) reject(new Error(`the line has ended without ${what}`))
      this.#waiting.add(look)
      this.#abandoned.add(reject)
    })
  }
}
