import type { WireMessage } from '../../types/message.ts'
import { covers } from '../protocol/cursor.ts'

/** How far a tab has got in each view of each group, so that what comes twice is seen once. */
export interface Seen {
  /** Whether the message is new; from now on it is not. What has no position is always new. */
  isNew (group: string, message: WireMessage): boolean
  /** Begins anew with a group: its positions are no longer comparable, or nobody wants it any more. */
  forget (group: string): void
}

export function createSeen (): Seen {
  const groups = new Map<string, Map<string, string>>()
  return {
    isNew (group, { view, id, at = id }) {
      if (at === undefined) return true
      let views = groups.get(group)
      if (!views) groups.set(group, views = new Map())
      const last = views.get(view ?? '')
      if (last !== undefined && covers(last, at)) return false
      views.set(view ?? '', at)
      return true
    },
    forget (group) {
      groups.delete(group)
    }
  }
}
