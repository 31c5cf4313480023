import { keepalive } from '../protocol/message.ts'
import { expiringMessage, tickMessage } from '../protocol/system.ts'
import type { GroupMembers } from '../../types/hub.ts'
import type { Encoded } from '../../types/wire.ts'
import type { Connection } from './connection.ts'

/** The connections are spread over so many turns of the wheel. */
const SPOKES = 10

/** An identity is asked to renew this long before it expires, in milliseconds. */
const NOTICE = 30_000

/** A connection is closed this long after its identity expired, in milliseconds. */
const GRACE = 25_000

/**
 * The one timer behind all signs of life: in each interval every connection gets
 * one tick, a tenth of them at a time, all of them the same bytes. Whatever else
 * has to be looked at now and then is looked at here too.
 */
export class Heartbeat {
  /** Milliseconds between two ticks of a connection. */
  readonly interval: number
  readonly #groups: GroupMembers
  readonly #spokes: Array<Set<Connection>> = Array.from({ length: SPOKES }, () => new Set())
  readonly #expiring = new Map<Connection, { warned: boolean }>()
  readonly #sweeps: ReadonlyArray<(now: number) => void>
  #turn = 0
  #timer: NodeJS.Timeout | undefined

  constructor (interval: number, groups: GroupMembers, sweeps: ReadonlyArray<(now: number) => void>) {
    this.interval = interval
    this.#groups = groups
    this.#sweeps = sweeps
  }

  start (): void {
    this.#timer ??= setInterval(() => { this.#beat() }, this.interval / SPOKES).unref()
  }

  stop (): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** The newcomer's first tick comes a whole interval from now. */
  add (connection: Connection): void {
    this.#spokes[(this.#turn + SPOKES - 1) % SPOKES]!.add(connection)
    if (connection.identity.expiresAt !== undefined) this.#expiring.set(connection, { warned: false })
  }

  remove (connection: Connection): void {
    for (const spoke of this.#spokes) {
      if (spoke.delete(connection)) break
    }
    this.#expiring.delete(connection)
  }

  #beat (): void {
    const spoke = this.#spokes[this.#turn]!
    this.#turn = (this.#turn + 1) % SPOKES
    const now = Date.now()
    for (const sweep of this.#sweeps) sweep(now)
    this.#expire(now)
    if (spoke.size === 0) return
    this.#groups.atBoundary(() => {
      const tick: Encoded = tickMessage(this.#groups.position)
      for (const connection of spoke) connection.tell(connection.behind ? keepalive : tick)
    })
  }

  #expire (now: number): void {
    for (const [connection, notice] of this.#expiring) {
      const remaining = connection.identity.expiresAt! - now
      if (remaining <= -GRACE) {
        connection.close('expired')
      } else if (remaining <= NOTICE && !notice.warned) {
        notice.warned = true
        connection.tell(expiringMessage(Math.max(0, remaining)))
      }
    }
  }
}
