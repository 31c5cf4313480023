import type { GroupMembers } from '../../types/hub.ts'
import type { Identity } from '../../types/identity.ts'
import type { Counters } from '../../types/metrics.ts'
import type { Limits } from '../../types/options.ts'
import type { CloseReason } from '../../types/reasons.ts'
import type { Membership, Receiver } from '../../types/receiver.ts'
import type { Transport } from '../../types/transport.ts'
import type { Delivery, Encoded } from '../../types/wire.ts'
import { closings } from '../protocol/close.ts'
import { closeMessage, gapMessage, tickMessage } from '../protocol/system.ts'
import type { Bucket } from './bucket.ts'
import type { Seat } from './seat.ts'

/** A membership, and whether `canJoin` gave it or the server itself. */
export interface Place {
  readonly membership: Membership
  granted: boolean
}

/** What a connection is made of. */
export interface ConnectionParts {
  readonly id: string
  readonly token: string
  readonly identity: Identity
  readonly origin: string | undefined
  readonly transport: Transport
  readonly commands: boolean
  readonly bucket: Bucket
  readonly seat: Seat
  /** The cursor that the client came with. */
  readonly presented: string | undefined
  /** Takes text frames instead of commands. Must not throw. */
  readonly onText: ((text: string) => void) | undefined
}

/** What a connection needs around it. None of these throws. */
export interface Surroundings {
  readonly groups: GroupMembers
  readonly counters: Counters
  readonly limits: Limits
  /** Those whose line is full. */
  readonly backlog: {
    enter (connection: Connection): void
    miss (connection: Connection, groups: Iterable<string>): void
    leave (connection: Connection): ReadonlySet<string>
  }
  /** Those that have been told goodbye. */
  readonly goodbyes: { add (connection: Connection): void }
  /** Its line is gone; `wasOpen` tells whether it had ever been told `realtime:open`. */
  gone (connection: Connection, wasOpen: boolean): void
  /** A text frame came in. */
  received (connection: Connection, text: string): void
  /** A frame came in that can never be a command. */
  unreadable (connection: Connection, what: string): void
}

/**
 * One open stream or socket: its identity, its places in groups, and its outbox.
 * Its life: `opening` until it has been told `realtime:open`, `open`, `closing`
 * once a goodbye was written, `closed` when the line is gone.
 */
export class Connection implements Receiver {
  readonly id: string
  readonly token: string
  identity: Identity
  readonly origin: string | undefined
  readonly transport: Transport
  /** Whether clients may send it commands. */
  readonly commands: boolean
  readonly bucket: Bucket
  readonly seat: Seat
  readonly presented: string | undefined
  readonly onText: ((text: string) => void) | undefined
  readonly since = Date.now()
  state: 'opening' | 'open' | 'closing' | 'closed' = 'opening'
  behind = false
  /** How many deliveries it was not given since it could not take them. */
  passedBy = 0
  due: Delivery | undefined = undefined
  readonly places: Place[] = []
  /** Groups that it is about to join, with the number of attempts under way; deleting one calls them off. */
  joining: Map<string, { attempts: number }> | undefined = undefined
  /** All attempts at joining under way, those that were called off included. */
  attempts = 0
  /** Malformed commands in a row. */
  strikes = 0
  readonly #around: Surroundings
  #deferred: Array<() => void> | undefined = undefined

  constructor (parts: ConnectionParts, around: Surroundings) {
    this.id = parts.id
    this.token = parts.token
    this.identity = parts.identity
    this.origin = parts.origin
    this.transport = parts.transport
    this.commands = parts.commands
    this.bucket = parts.bucket
    this.seat = parts.seat
    this.presented = parts.presented
    this.onText = parts.onText
    this.#around = around
  }

  place (group: string): Place | undefined {
    for (const place of this.places) {
      if (place.membership.group === group) return place
    }
    return undefined
  }

  deliver (delivery: Delivery): void {
    if (this.state !== 'open') return
    if (this.behind) {
      this.passedBy++
      this.#around.backlog.miss(this, delivery.groups())
      return
    }
    this.#around.counters.delivered += delivery.count
    this.#write(delivery.bytes(this.transport.format))
  }

  /** Writes system messages, in one go. */
  tell (...messages: readonly Encoded[]): void {
    if (this.state === 'closing' || this.state === 'closed' || messages.length === 0) return
    const { format } = this.transport
    this.#write(messages.length === 1 ? messages[0]!.bytes(format) : Buffer.concat(messages.map((message) => message.bytes(format))))
  }

  /** Says why, and ends the line. `delay`: milliseconds after which the client may come back. */
  close (reason: CloseReason, delay = 0): void {
    if (this.state === 'closing' || this.state === 'closed') return
    const { code, retry } = closings[reason]
    if (!this.behind) this.transport.write(closeMessage(reason, retry, delay).bytes(this.transport.format))
    this.state = 'closing'
    this.#around.goodbyes.add(this)
    this.transport.end(code, reason)
  }

  /**
   * Runs `action` once nothing is left to be told of what was missed, or the line
   * is gone: what shows the client a cursor must not come before the gaps that the
   * cursor passes over.
   */
  whenCaughtUp (action: () => void): void {
    if (this.behind) (this.#deferred ??= []).push(action)
    else action()
  }

  /** The line takes bytes again: what was missed is told, then it is live. */
  drained (): void {
    if (!this.behind) {
      this.#around.backlog.leave(this)
      return
    }
    const { groups, backlog, counters } = this.#around
    groups.atBoundary(() => {
      const missed = backlog.leave(this)
      this.behind = false
      if (missed.size > 0) {
        counters.gaps += missed.size
        this.tell(...Array.from(missed, (group) => gapMessage(group, 'expired')), tickMessage(groups.position))
      }
      this.#resume()
    })
  }

  closed (): void {
    if (this.state === 'closed') return
    const wasOpen = this.places.length > 0
    this.state = 'closed'
    this.#around.gone(this, wasOpen)
    this.behind = false
    this.#resume()
  }

  failed (): void {
    if (this.state === 'closing' || this.state === 'closed') return
    this.state = 'closing'
    this.#around.goodbyes.add(this)
  }

  received (text: string): void {
    if (this.onText === undefined) this.#around.received(this, text)
    else if (this.state === 'open') this.onText(text)
  }

  unreadable (what: string): void {
    this.#around.unreadable(this, what)
  }

  #resume (): void {
    const deferred = this.#deferred ?? []
    this.#deferred = undefined
    for (const action of deferred) this.whenCaughtUp(action)
  }

  #write (bytes: Buffer): void {
    if (this.transport.write(bytes)) return
    this.#around.backlog.enter(this)
    if (this.transport.buffered > this.#around.limits.maxBufferedBytes) this.behind = true
  }
}
