import type { Membership, Receiver } from '../../types/receiver.ts'

/** The connections of one group on this node: joined and left in constant time. */
export class Group {
  readonly members: Membership[] = []

  add (receiver: Receiver, group: string): Membership {
    const membership = { receiver, group, index: this.members.length }
    this.members.push(membership)
    return membership
  }

  remove (membership: Membership): void {
    const last = this.members.pop()!
    if (last !== membership) {
      this.members[membership.index] = last
      last.index = membership.index
    }
    membership.index = -1
  }
}
