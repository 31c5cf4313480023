import type { GapReason } from '../../types/reasons.ts'
import { comparePositions, parseCursor } from '../protocol/cursor.ts'

/**
 * Why nothing after `cursor` can be supplied by a log that stands at `position`
 * and keeps no history. Whatever the client presented, it is told of a gap.
 */
export function gapReason (cursor: string, position: string): GapReason {
  const presented = parseCursor(cursor)
  const current = parseCursor(position)
  if (presented === undefined || current === undefined) return 'malformed'
  if (presented.generation !== current.generation) return 'generation'
  return comparePositions(presented, current) > 0 ? 'ahead' : 'expired'
}
