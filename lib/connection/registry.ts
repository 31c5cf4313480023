import { errors, refuse } from '../errors.ts'
import type { Limits } from '../../types/options.ts'
import type { Connection } from './connection.ts'
import type { Seat } from './seat.ts'

/** Seconds after which one who was turned away for lack of room may ask again. */
const RETRY_AFTER = 5

/** The connections of this node, and how many there may be. */
export class Registry {
  readonly #limits: Limits
  readonly #byId = new Map<string, Connection>()
  readonly #byUser = new Map<string, Set<Connection>>()
  readonly #seatsOfUser = new Map<string, number>()
  readonly #seatsOfAddress = new Map<string, number>()
  #taken = 0

  constructor (limits: Limits) {
    this.#limits = limits
  }

  get size (): number {
    return this.#byId.size
  }

  get (id: string): Connection | undefined {
    return this.#byId.get(id)
  }

  ofUser (user: string): Iterable<Connection> {
    return this.#byUser.get(user) ?? []
  }

  [Symbol.iterator] (): Iterator<Connection> {
    return this.#byId.values()
  }

  /** @throws OverCapacity, with the seconds to wait */
  checkRoom (): void {
    const { maxConnections } = this.#limits
    if (this.#taken >= maxConnections) throw refuse(new errors.OverCapacity(maxConnections), { retryAfter: RETRY_AFTER })
  }

  /** @throws OverCapacity, TooManyConnections */
  seat (user: string | null, address: string): Seat {
    this.checkRoom()
    const { maxConnectionsPerUser, maxConnectionsPerAddress } = this.#limits
    if (user !== null) checkShare(this.#seatsOfUser.get(user), maxConnectionsPerUser, 'maxConnectionsPerUser')
    const counted = maxConnectionsPerAddress > 0
    if (counted) checkShare(this.#seatsOfAddress.get(address), maxConnectionsPerAddress, 'maxConnectionsPerAddress')
    this.#taken++
    if (user !== null) add(this.#seatsOfUser, user, 1)
    if (counted) add(this.#seatsOfAddress, address, 1)
    return { user, address, released: false }
  }

  release (seat: Seat): void {
    if (seat.released) return
    seat.released = true
    this.#taken--
    if (seat.user !== null) add(this.#seatsOfUser, seat.user, -1)
    if (this.#limits.maxConnectionsPerAddress > 0) add(this.#seatsOfAddress, seat.address, -1)
  }

  add (connection: Connection): void {
    this.#byId.set(connection.id, connection)
    const { user } = connection.identity
    if (user === null) return
    const connections = this.#byUser.get(user)
    if (connections === undefined) this.#byUser.set(user, new Set([connection]))
    else connections.add(connection)
  }

  remove (connection: Connection): void {
    this.#byId.delete(connection.id)
    this.release(connection.seat)
    const { user } = connection.identity
    if (user === null) return
    const connections = this.#byUser.get(user)
    if (connections?.delete(connection) === true && connections.size === 0) this.#byUser.delete(user)
  }
}

function checkShare (taken: number | undefined, limit: number, name: string): void {
  if ((taken ?? 0) >= limit) throw refuse(new errors.TooManyConnections(name, limit), { retryAfter: RETRY_AFTER })
}

function add (counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
