import type { Delivery } from './wire.ts'

/** A connection as the hub sees it. */
export interface Receiver {
  /** Messages with this origin tag are left out. */
  readonly origin: string | undefined
  /** It cannot take more for now: volatile messages pass it by. */
  readonly behind: boolean
  /** What the flush under way holds for it. The hub's own, between two boundaries. */
  due: Delivery | undefined
  /** Takes what one flush holds for it, in one go. Must not throw. */
  deliver (delivery: Delivery): void
}

/** One connection's place in one group. */
export interface Membership {
  readonly receiver: Receiver
  readonly group: string
  /** Its place in the group's list; the hub's own. */
  index: number
}
