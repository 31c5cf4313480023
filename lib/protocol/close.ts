import type { CloseReason } from '../../types/reasons.ts'

/** How a reason reads on the wire: the WebSocket close code, and whether a client should come back. */
export interface Closing {
  readonly code: number
  readonly retry: boolean
}

/** The table of close reasons; docs/protocol.md explains each. */
export const closings: Readonly<Record<CloseReason, Closing>> = {
  shutdown: { code: 1012, retry: true },
  client: { code: 1000, retry: false },
  server: { code: 1000, retry: false },
  'too-big': { code: 1009, retry: false },
  malformed: { code: 4400, retry: false },
  expired: { code: 4401, retry: true },
  unauthenticated: { code: 4401, retry: true },
  revoked: { code: 4403, retry: false },
  forbidden: { code: 4403, retry: false },
  slow: { code: 4408, retry: true },
  'too-many-messages': { code: 4429, retry: true },
  'over-capacity': { code: 4503, retry: true }
}
