/** Counters since the start, and gauges as of now, of this node; docs/api.md explains each. */
export interface Metrics {
  /** Open connections. */
  connections: number
  connectionsSse: number
  connectionsWebSocket: number
  /** Groups with at least one member here, the plugin's own included. */
  groups: number
  /** Connections that cannot take more for now. */
  connectionsBehind: number
  /** Messages accepted by the backplane. */
  published: number
  publishFailures: number
  /** Messages written, once for each receiver. */
  delivered: number
  /** `realtime:gap` events written. */
  gaps: number
  /** Handshakes answered with an error; not those that a `preHandler` answers by itself. */
  handshakesRefused: number
  /** Joins of groups refused by `canJoin`, at the handshake, in-band or at a recheck. */
  joinsRefused: number
  /** User hooks that threw, rejected or took too long. */
  hookFailures: number
  /** Inbound commands that were no commands. */
  malformed: number
  /** Inbound commands refused for their rate. */
  rateLimited: number
  /** Connections closed for not reading. */
  closedSlow: number
  /** Model updates whose audience before the change could not be told. */
  previousMissing: number
}

/** The part of {@link Metrics} that only grows. */
export type Counters = Omit<Metrics, 'connections' | 'connectionsSse' | 'connectionsWebSocket' | 'groups' | 'connectionsBehind'>
