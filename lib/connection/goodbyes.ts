import type { Connection } from './connection.ts'

/** Connections that have been told goodbye and whose line is not gone yet; whoever takes longer than `timeout` ms is cut. */
export class Goodbyes {
  readonly #leaving = new Map<Connection, number>()
  readonly #timeout: number
  #timer: NodeJS.Timeout | undefined
  #waiting: Array<() => void> = []

  constructor (timeout: number) {
    this.#timeout = timeout
  }

  add (connection: Connection): void {
    this.#leaving.set(connection, Date.now() + this.#timeout)
    this.#timer ??= setTimeout(() => { this.#sweep() }, this.#timeout)
  }

  done (connection: Connection): void {
    if (!this.#leaving.delete(connection) || this.#leaving.size > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const resolve of this.#waiting) resolve()
    this.#waiting = []
  }

  /** Resolves when nobody is leaving any more. */
  async all (): Promise<void> {
    if (this.#leaving.size === 0) return
    await new Promise<void>((resolve) => { this.#waiting.push(resolve) })
  }

  /** Cuts everybody who is leaving. */
  cut (): void {
    for (const connection of this.#leaving.keys()) connection.transport.destroy()
  }

  #sweep (): void {
    this.#timer = undefined
    const now = Date.now()
    let next = Infinity
    for (const [connection, deadline] of this.#leaving) {
      if (deadline <= now) connection.transport.destroy()
      next = Math.min(next, deadline > now ? deadline : now + this.#timeout)
    }
    if (this.#leaving.size > 0) this.#timer = setTimeout(() => { this.#sweep() }, Math.max(1, next - now))
  }
}
