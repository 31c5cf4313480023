import type { Counters } from '../../types/metrics.ts'
import type { Connection } from './connection.ts'

/** How a connection that cannot take more is doing. */
interface Lag {
  /** Bytes the kernel had taken when this was last looked at. */
  accepted: number
  /** Since when it has taken none, in milliseconds since the epoch. */
  since: number
  /** Groups whose messages it was not given. */
  readonly missed: Set<string>
}

/**
 * The connections whose line is full. One that stays so for `maxLag` is closed;
 * one that reads again is told which of its groups it missed messages of.
 */
export class Backlog {
  readonly #lags = new Map<Connection, Lag>()
  readonly #maxLag: number
  readonly #counters: Counters

  constructor (maxLag: number, counters: Counters) {
    this.#maxLag = maxLag
    this.#counters = counters
  }

  get size (): number {
    return this.#lags.size
  }

  enter (connection: Connection): void {
    if (!this.#lags.has(connection)) {
      this.#lags.set(connection, { accepted: connection.transport.accepted, since: Date.now(), missed: new Set() })
    }
  }

  miss (connection: Connection, groups: Iterable<string>): void {
    const missed = this.#lags.get(connection)?.missed
    if (missed === undefined) return
    for (const group of groups) missed.add(group)
  }

  /** It is no longer in `group`: what it missed there is nothing to it. */
  forget (connection: Connection, group: string): void {
    this.#lags.get(connection)?.missed.delete(group)
  }

  /** Forgets it, and tells the groups it missed messages of. */
  leave (connection: Connection): ReadonlySet<string> {
    const missed = this.#lags.get(connection)?.missed
    this.#lags.delete(connection)
    return missed ?? NONE
  }

  /** Closes those that have taken nothing for too long, and have not been told goodbye already. */
  sweep (now: number): void {
    for (const [connection, lag] of this.#lags) {
      if (connection.state !== 'open') continue
      const { accepted } = connection.transport
      if (accepted !== lag.accepted) {
        lag.accepted = accepted
        lag.since = now
      } else if (now - lag.since >= this.#maxLag) {
        this.#lags.delete(connection)
        this.#counters.closedSlow++
        connection.close('slow')
      }
    }
  }
}

const NONE: ReadonlySet<string> = new Set()
