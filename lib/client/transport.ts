import type { WireMessage } from '../../types/message.ts'
import type { Failure } from './failure.ts'

/** What a connection is opened with. */
export interface Dial {
  /** The groups to join; the line takes as many of the first as it can. */
  readonly groups: readonly string[]
  /** The tab's public tag. */
  readonly origin: string
  /** Where to resume. */
  readonly cursor: string | undefined
  /** Who the cursor was issued for. */
  readonly user: string | null
}

/** What the server told with `realtime:open`: commands are sent under it. */
export interface Session {
  readonly connection: string
  readonly token: string
}

/** A message, and the cursor that it brings along. */
export interface Frame {
  readonly cursor: string | undefined
  readonly message: WireMessage
}

export type Command =
  | { ref: number, type: 'subscribe', group: string, after?: string }
  | { ref: number, type: 'unsubscribe', group: string }
  | { ref: number, type: 'send', id: string, group: string, event: string, data: unknown }

export type Reply =
  | { ref: number | null, ok: true, data: unknown }
  | { ref: number | null, ok: false, error: { code: string, message: string } }

/** Who hears from a line. Nothing is called before `dial` has returned. */
export interface LineEvents {
  /** Something came in: the line is alive. */
  heard (): void
  received (frame: Frame): void
  /** It failed or ended, by itself. Called once; maybe also after `close`. */
  lost (failure: Failure): void
}

/** One attempt at a connection, and the connection that comes of it. */
export interface Line {
  /** Which groups it joins. */
  readonly groups: readonly string[]
  /**
   * Sends commands; resolves with their replies.
   *
   * @throws Failure as a rejection
   */
  post (session: Session, commands: readonly Command[]): Promise<Reply[]>
  /** Cuts it, and what is being posted. */
  close (): void
}

/** A way to the server. */
export interface Transport {
  dial (dial: Dial, events: LineEvents): Line
}
