import type { ConnectionInfo, RealtimeConnection } from './connection.ts'
import type { WireMessage } from './message.ts'
import type { Metrics } from './metrics.ts'
import type { Change, ModelTarget, Row } from './model.ts'
import type { ConnectionTarget, SendOptions, SendResult, Target } from './send.ts'

/** What `revoke` takes away: at least one of them. */
export interface Revocation {
  user?: string | number | bigint
  group?: string
  connection?: string | RealtimeConnection
}

/** What the app does with the WebSocket of a route of its own. */
export interface UpgradeOptions {
  /** Groups to join, by the server's own word: `canJoin` is not asked. */
  groups?: readonly string[]
  /** Every text frame, where `commands` is off. */
  onMessage?: (text: string, connection: RealtimeConnection) => unknown
  onClose?: (connection: RealtimeConnection) => unknown
  /** Whether the client may send the plugin's commands. Default false. */
  commands?: boolean
}

/** A stream on a route of the app's own. */
export interface StreamOptions {
  /** Groups to join, by the server's own word: `canJoin` is not asked. */
  groups?: readonly string[]
  /** The cursor to resume from. Default: what the request presents. */
  after?: string
  /** `'data'`: `data:` is the bare data, without the envelope. Default `'event'`. */
  format?: 'event' | 'data'
  /** Whether the client may post the plugin's commands. Default false. */
  commands?: boolean
}

/** A WebSocket, as a route of @fastify/websocket gets it. */
export interface UpgradedSocket {
  close (code?: number, reason?: string): void
  terminate (): void
}

/** What the plugin decorates the instance with. */
export interface Realtime {
  /** False on what `realtimeOf` returns where the plugin is not registered. */
  readonly installed: boolean
  /** Whether the backplane is in sync and nothing is closing. */
  readonly healthy: boolean
  /** Open connections on this node. */
  readonly connectionCount: number

  toGroup (names: string | readonly string[]): Target
  toUser (ids: string | number | bigint | ReadonlyArray<string | number | bigint>): Target
  toConnection (id: string): ConnectionTarget
  broadcast (): Target

  model<R extends object = object> (name: string): ModelTarget<R>
  /** Tells of a change of a row, through the exposures of its model. */
  emit (change: Change, options?: SendOptions): Promise<SendResult>
  /** Sees every change of a model in this process, unprojected. Returns its remover. */
  onChange<R extends object = Row> (model: string, handler: (change: Change & { row: R, previous?: R }) => unknown): () => void

  onConnect (observer: (connection: RealtimeConnection) => unknown): () => void
  onDisconnect (observer: (connection: RealtimeConnection) => unknown): () => void
  onJoin (observer: (connection: RealtimeConnection, group: string) => unknown): () => void
  onJoin (pattern: string, observer: (connection: RealtimeConnection, group: string) => unknown): () => void
  onLeave (observer: (connection: RealtimeConnection, group: string) => unknown): () => void
  onLeave (pattern: string, observer: (connection: RealtimeConnection, group: string) => unknown): () => void

  /** Members of a group on this node. */
  groupSize (name: string): number
  connections (which?: { user?: string | number | bigint, group?: string }): Promise<ConnectionInfo[]>
  /** Puts a connection into a group, outside `canJoin`. Resolves when it is in effect. */
  join (connection: string | RealtimeConnection, group: string, options?: { after?: string }): Promise<void>
  /** Takes it out again, after what was sent before. Resolves when nothing more of the group is written to it. */
  leave (connection: string | RealtimeConnection, group: string): Promise<void>

  /**
   * Drops memberships, or closes connections where no group is named. Once it
   * resolves, nothing more is written to them.
   */
  revoke (what: Revocation): Promise<void>
  /** Asks `canJoin` again for live memberships, and drops those it refuses. */
  recheck (which?: { user?: string | number | bigint, group?: string }): Promise<void>

  /**
   * The messages of a group, or everything this node sends or receives. Throws
   * FST_REALTIME_LISTENER_BEHIND where it is read too slowly.
   */
  listen (group?: string): AsyncIterableIterator<WireMessage>
  metrics (): Metrics

  /** Turns the WebSocket of a route of the app's own into a connection. */
  upgrade (socket: UpgradedSocket, request: import('fastify').FastifyRequest, options?: UpgradeOptions): Promise<RealtimeConnection>
}
