import type { Status } from '../../types/client-status.ts'
import type { WireMessage } from '../../types/message.ts'
import type { Cancel } from './platform.ts'

/** Where a hub delivers to: one tab. Must not throw. */
export interface Sink {
  /** A message of a group that it joined, `realtime:joined`, `realtime:gap` and `realtime:left` of such a group included. */
  message (message: WireMessage): void
  /** The status has changed. */
  status (status: Status): void
}

/** What a tab may ask of the hub that serves it. */
export interface Link {
  readonly status: Status
  /** Wants a group, from now until `leave`. */
  join (group: string): void
  leave (group: string): void
  /** Whether messages of a group that it joined are coming. */
  isLive (group: string): boolean
  /** Sends an event; resolves with the reply. `timeout` is in milliseconds. */
  send (group: string, event: string, data: unknown, timeout: number): Promise<unknown>
  /**
   * Resolves as soon as there is a connection.
   *
   * @throws Failure as a rejection, when the client is closed
   */
  opened (): Promise<unknown>
  /** Wants a connection, with or without a group, until it is cancelled. */
  hold (): Cancel
  connect (): void
  close (): void
}
