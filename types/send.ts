import type { FastifyRequest } from 'fastify'

/** How a send may differ from the usual. */
export interface SendOptions {
  /** Not kept, no position, skipped for a connection that is behind: for typing and pointers. */
  volatile?: boolean
  /** Leaves out the tab that caused it: its request, or its origin tag. */
  except?: FastifyRequest | string | undefined
}

/** What became of a send. */
export interface SendResult {
  /** A cursor that covers everything that was sent; `null` where nothing of it is kept. */
  readonly id: string | null
  /** The message ids, one for each target, in the order of the targets. */
  readonly ids: ReadonlyArray<string | null>
}

/** What `toGroup`, `toUser` and `broadcast` return. */
export interface Target {
  /**
   * Makes one message for each target. Never throws synchronously; need not be
   * awaited. Resolves when the backplane has accepted all of it; rejects with an
   * error of docs/errors.md, and then nothing was sent.
   */
  send (event: string, data: unknown, options?: SendOptions): Promise<SendResult>
}

/** What `toConnection` returns. */
export interface ConnectionTarget {
  /** Not kept. Resolves when the connection has been written to; rejects with FST_REALTIME_NOT_FOUND where there is none. */
  send (event: string, data: unknown): Promise<SendResult>
}
