/** Why a connection was closed; docs/protocol.md has the codes and what clients do. */
export type CloseReason =
  | 'shutdown'
  | 'client'
  | 'server'
  | 'too-big'
  | 'malformed'
  | 'expired'
  | 'revoked'
  | 'slow'
  | 'too-many-messages'
  | 'over-capacity'
  | 'forbidden'
  | 'unauthenticated'

/** Why a connection is no longer in a group. */
export type LeaveReason = 'unsubscribed' | 'revoked' | 'server'

/** Why messages may have been missed and cannot be supplied. */
export type GapReason = 'expired' | 'generation' | 'ahead' | 'malformed' | 'identity'
