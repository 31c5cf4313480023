import type { Membership, Receiver } from './receiver.ts'

/** The hub as connections see it: who is in which group, and when that may change. */
export interface GroupMembers {
  /** The cursor that covers all that has been handed to members. */
  readonly position: string
  /** Joins a group. Only at a boundary. */
  join (receiver: Receiver, group: string): Membership
  /** Leaves it; what a flush under way already holds may still be written. */
  leave (membership: Membership): void
  members (group: string): readonly Membership[]
  /** Runs `action` when every member has been handed everything up to {@link position}: at once if nothing is under way. */
  atBoundary (action: () => void): void
  /** Resolves when members have been handed everything that came before the call. */
  boundary (): Promise<void>
}
