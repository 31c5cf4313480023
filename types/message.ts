/** What happened to a row, as one audience sees it. */
export type ModelAction = 'created' | 'updated' | 'deleted' | 'invalidated'

/**
 * A message as it travels: the same JSON text over both transports, and what
 * `data:` holds on an SSE stream.
 *
 * Kept messages carry `id`, their position in the log, the same on every node.
 * Volatile, connection and system messages have none, unless the protocol page
 * says otherwise.
 */
export interface WireMessage<Data = unknown> {
  id?: string
  /** Absent on system events (`realtime:*`), which concern the connection. */
  group?: string
  event: string
  data: Data
  /** The public tag of the tab that caused it, so that this tab can leave out its own echo. */
  origin?: string
  /** Who sent it, set by the server alone, on relayed client messages. */
  user?: string
  model?: string
  action?: ModelAction
  key?: string | number
  /** The row came into or went out of this group's sight without being created or deleted. */
  moved?: true
  version?: string | number
  /** Which filtered view of the group this is for. */
  view?: string
  /** The position, where it must not become the client's resume point. */
  at?: string
}
