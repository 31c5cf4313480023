import type { JoinLane } from './join-lane.ts'
import { isLocal, subscribedName } from './local-group.ts'
import type { Cancel, Platform } from './platform.ts'
import type { Sink } from './sink.ts'

const LEAVE_DELAY = 1_000

/**
 * Where a group stands with the server. `joined` says that the connection's
 * cursor covers it, and so outlives the connection; `asked` and `refused` end
 * with the next dial.
 */
type Standing = 'wanted' | 'asked' | 'joined' | 'refused'

interface Membership {
  readonly sinks: Set<Sink>
  standing: Standing
  /** The command that asked for it. */
  ref?: number
  /** From where on it is missed, while the connection's cursor does not cover it. */
  after?: string
  leaving?: Cancel
}

/** The groups that tabs want, whatever becomes of connections. */
export interface Memberships {
  /** How many are wanted, or were a second ago. */
  readonly size: number
  join (sink: Sink, group: string): void
  /** The server is told a second later, unless the group is wanted again. */
  leave (sink: Sink, group: string): void
  /** Who wants a group, by the name that messages carry. */
  sinks (group: string): Iterable<Sink>
  /** The groups that may be named when dialling: all of them, or those that `cursor` covers. */
  dialable (cursor: string | undefined): string[]
  /** `taken` of the dialable groups are being asked for; the others are joined later. */
  dialled (taken: readonly string[], cursor: string | undefined): void
  /** The server has let this client into `taken`, but for `refused`. */
  opened (taken: readonly string[], refused: readonly string[], cursor: string | undefined): void
  /** A join within the connection is done. Returns whether it is the one asked for last. */
  joined (group: string, ref: number | null): boolean
  /** The groups whose messages are coming: those the server joins by itself too. */
  live (): string[]
  /** The server took this client out of a group. */
  left (group: string, cursor: string | undefined): void
  /** A command was refused. Returns its group, if that is still wanted. */
  refused (ref: number): string | undefined
  /** There is no connection any more. */
  lost (): void
}

/** @param changed called when a group came or went */
export function createMemberships (platform: Platform, lane: JoinLane, changed: () => void): Memberships {
  const memberships = new Map<string, Membership>()
  let open = false

  function ask (group: string, membership: Membership): void {
    if (!open || isLocal(group)) return
    membership.standing = 'asked'
    membership.ref = lane.subscribe(group, membership.after)
  }

  function uncover (membership: Membership | undefined, standing: Standing, cursor: string | undefined): void {
    if (!membership) return
    if (membership.standing === 'joined') membership.after = cursor
    membership.standing = standing
  }

  return {
    get size () {
      return memberships.size
    },

    join (sink, group) {
      let membership = memberships.get(group)
      if (membership) {
        membership.leaving?.()
        membership.leaving = undefined
        membership.sinks.add(sink)
        return
      }
      membership = { sinks: new Set([sink]), standing: 'wanted' }
      memberships.set(group, membership)
      ask(group, membership)
      changed()
    },

    leave (sink, group) {
      const membership = memberships.get(group)
      if (!membership?.sinks.delete(sink) || membership.sinks.size > 0) return
      membership.leaving = platform.after(LEAVE_DELAY, () => {
        memberships.delete(group)
        if (open && (membership.standing === 'joined' || membership.standing === 'asked')) lane.unsubscribe(group)
        changed()
      })
    },

    sinks: (group) => memberships.get(subscribedName(group))?.sinks ?? [],

    dialable (cursor) {
      return [...memberships.keys()].filter((group) =>
        !isLocal(group) && (cursor === undefined || memberships.get(group)?.standing === 'joined'))
    },

    dialled (taken, cursor) {
      for (const [group, membership] of memberships) {
        if (!taken.includes(group)) uncover(membership, 'wanted', cursor)
      }
    },

    opened (taken, refused, cursor) {
      open = true
      for (const group of taken) {
        const membership = memberships.get(group)
        if (refused.includes(group)) uncover(membership, 'refused', cursor)
        else if (membership) membership.standing = 'joined'
        else lane.unsubscribe(group)
      }
      for (const [group, membership] of memberships) {
        if (membership.standing === 'wanted') ask(group, membership)
      }
    },

    joined (group, ref) {
      const membership = memberships.get(group)
      if (membership?.standing !== 'asked' || membership.ref !== ref) return false
      membership.standing = 'joined'
      return true
    },

    live: () => [...memberships.keys()].filter((group) => open && (isLocal(group) || memberships.get(group)?.standing === 'joined')),

    left: (group, cursor) => uncover(memberships.get(group), 'refused', cursor),

    refused (ref) {
      for (const [group, membership] of memberships) {
        if (membership.standing !== 'asked' || membership.ref !== ref) continue
        membership.standing = 'refused'
        return group
      }
    },

    lost () {
      open = false
    }
  }
}
