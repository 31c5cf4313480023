import type { WireMessage } from '../../types/message.ts'

/** The data of `realtime:open`. */
export interface Opening {
  readonly connection: string
  readonly resumed: boolean
  readonly token: string
  readonly user: string | null
  readonly refused: readonly string[]
  /** Milliseconds between two signs of life; 0 where there are none. */
  readonly heartbeat: number
}

/** The data of `realtime:close`. */
export interface Closing {
  readonly reason: string
  /** Whether coming back may help. */
  readonly retry: boolean
  /** How long to wait before it, in milliseconds. */
  readonly delay: number
}

/** The data of `realtime:joined`, `realtime:left` and `realtime:gap`, as far as each has it. */
export interface GroupNews {
  readonly group: string
  readonly ref: number | null
  readonly reason?: string
  readonly resumed?: boolean
}

/** What being in a group is told to its subscribers as. */
export function joinedMessage (group: string, resumed: boolean): WireMessage {
  return { event: 'realtime:joined', data: { group, resumed } }
}

/** What a refusal to let this client into a group is told to its subscribers as. */
export function leftMessage (group: string, reason: string): WireMessage {
  return { event: 'realtime:left', data: { group, reason } }
}
