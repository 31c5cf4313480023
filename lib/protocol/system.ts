import type { Draft } from '../../types/backplane.ts'
import type { CloseReason, LeaveReason } from '../../types/reasons.ts'
import type { GapReason } from '../../types/reasons.ts'
import { ONE_CONNECTION } from './names.ts'
import { Farewell, Message, Tick } from './message.ts'

/** The plugin's own events: `realtime:*`, to one connection, in the order of its stream. */

function draft (event: string, data: unknown): Draft {
  return { group: ONE_CONNECTION, event, head: `"event":"${event}",`, data: JSON.stringify(data), origin: undefined, volatile: true }
}

/** What a connection is told first. */
export interface Opening {
  readonly connection: string
  readonly token: string
  readonly user: string | null
  readonly groups: readonly string[]
  readonly refused: readonly string[]
  readonly resumed: boolean
  /** Milliseconds between two signs of life. */
  readonly heartbeat: number
}

export function openMessage (opening: Opening, cursor: string | null): Message {
  return new Message(draft('realtime:open', opening), cursor)
}

/** The end of an in-band join: from `cursor` on, nothing of `group` is missed. */
export function joinedMessage (joined: { ref: number | null, group: string, view: string | null, cursor: string, resumed: boolean }): Message {
  return new Message(draft('realtime:joined', joined), joined.cursor)
}

export function tickMessage (cursor: string): Message {
  return new Tick(draft('realtime:tick', {}), cursor)
}

export function gapMessage (group: string, reason: GapReason): Message {
  return new Message(draft('realtime:gap', { group, reason }), null)
}

export function leftMessage (group: string, reason: LeaveReason): Message {
  return new Message(draft('realtime:left', { group, reason }), null)
}

/** `remaining` milliseconds until the identity expires. */
export function expiringMessage (remaining: number): Message {
  return new Message(draft('realtime:expiring', { in: remaining }), null)
}

/** `delay` milliseconds to wait before coming back, where `retry` says that coming back may help. */
export function closeMessage (reason: CloseReason, retry: boolean, delay: number): Message {
  return new Farewell(draft('realtime:close', { reason, retry, delay }), delay)
}
