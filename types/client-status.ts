/** Nothing subscribes, so there is no connection and none is sought. */
export interface IdleStatus {
  readonly state: 'idle'
}

/** The first attempt is under way. */
export interface ConnectingStatus {
  readonly state: 'connecting'
}

export interface ConnectedStatus {
  readonly state: 'connected'
  /** The public id of the connection, as the server's `toConnection` takes it. */
  readonly connection: string
  /** Who the server takes this client for; `null` when anonymous. */
  readonly user: string | null
}

/** The connection failed or was lost; another attempt is due or under way. */
export interface ReconnectingStatus {
  readonly state: 'reconnecting'
  /** Which attempt in a row this is, from 1. */
  readonly attempt: number
  /** When it is due, in milliseconds since the epoch; `null` while the page is put away. */
  readonly nextRetryAt: number | null
  /** What ended the last one; {@link ClosedStatus.reason} has the form. */
  readonly reason: string
}

/** As `reconnecting`, while the browser says that there is no network: the next attempt is made when it says otherwise. */
export interface OfflineStatus {
  readonly state: 'offline'
  readonly attempt: number
  /** The browser may be wrong, so it is tried then in any case. */
  readonly nextRetryAt: number
  readonly reason: string
}

/** Ended, by `close()` or by an answer that no repetition changes. Only `connect()` leaves this state. */
export interface ClosedStatus {
  readonly state: 'closed'
  /**
   * `client` after `close()`, the server's own reason (`revoked`), its error code
   * (`FST_REALTIME_UNAUTHENTICATED`), `HTTP 404` where it gave none. Attempts that
   * are repeated also end with `network`, `ended`, `silence`, `suspended`, `token`.
   */
  readonly reason: string
}

/** How the connection is, as one frozen object, replaced with every change. */
export type Status = IdleStatus | ConnectingStatus | ConnectedStatus | ReconnectingStatus | OfflineStatus | ClosedStatus
