/** A message before it has a position: all that a node needs to deliver it, already encoded. */
export interface Draft {
  readonly group: string
  readonly event: string
  /** The JSON members that stand before `data`, each followed by a comma; without `id`. */
  readonly head: string
  /** The JSON text of `data`. */
  readonly data: string
  /** Connections with this tag are left out. */
  readonly origin: string | undefined
  /** No position, not kept, skipped for connections that are behind. */
  readonly volatile: boolean
}

/**
 * What gives messages their position and carries them to every node.
 *
 * - Positions are totally ordered, never reused, and the same on every node. A
 *   new generation begins whenever continuity cannot be proven.
 * - `receive` is called once for each accepted draft, in position order, on
 *   every node, this one included. Volatile drafts come with `null`, unordered.
 * - One process keeps the order of its own `publish` calls.
 */
export interface Backplane {
  /** The position up to which this node has received everything, as a cursor. */
  readonly position: string
  /** Whether this node is in sync with the log. */
  readonly healthy: boolean
  /** Begins to receive. Called once, before the first `publish`. */
  start (receive: (draft: Draft, id: string | null) => void): Promise<void>
  /** Settles when every draft is accepted, with their ids in order (`null` for volatile ones); rejects with an error of the table. */
  publish (drafts: readonly Draft[]): Promise<Array<string | null>>
  /** Releases whatever it holds; afterwards `publish` rejects. */
  close (): Promise<void>
}
