/** A connection as the app sees it: in hooks, and as what `reply.realtime` and `upgrade` return. */
export interface RealtimeConnection {
  /** Public; the target of `toConnection`. */
  readonly id: string
  /** `null` when anonymous. */
  readonly user: string | null
  /** What `identify` gave as `data`. */
  readonly data: unknown
  readonly transport: 'sse' | 'ws'
  readonly since: Date
  /** The named groups it is in now. */
  readonly groups: readonly string[]
  /**
   * Sends to this connection alone: not kept, not replayed. Need not be awaited.
   * Resolves when it has been written; rejects with FST_REALTIME_NOT_FOUND when
   * the line is gone.
   */
  send (event: string, data: unknown): Promise<void>
  /** Ends it; the client does not come back by itself. */
  close (): void
}

/** A connection as `connections()` lists it. */
export interface ConnectionInfo {
  readonly id: string
  /** The process it is held by. */
  readonly node: string
  readonly user: string | null
  readonly transport: 'sse' | 'ws'
  readonly since: Date
  readonly groups: ReadonlyArray<{
    readonly group: string
    /** How the subscription is narrowed, `null` where it is not. */
    readonly where: unknown
    readonly events: readonly string[] | null
  }>
}
