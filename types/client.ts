import type { Handlers, ModelHandlers, Untyped } from './client-handlers.ts'
import type { Status } from './client-status.ts'

/** How to reach the server; all of it optional. */
export interface ClientOptions {
  /** Where the plugin is, as a path or a whole URL; `/realtime` by default. */
  url?: string
  /**
   * Called for every request, and sent as `authorization: Bearer`. With `refresh`
   * the server has just refused the last one: it is asked once, then the client closes.
   */
  token?: (request: { refresh: boolean }) => string | Promise<string>
  /** Added to every request; a function is called for each. */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>)
  /** As for the global `fetch`: `include` sends cookies to another origin. */
  credentials?: RequestCredentials
  /** Used instead of the global `fetch`. */
  fetch?: typeof fetch
}

/** A running subscription. */
export interface Subscription {
  /** Ends it; again does nothing. */
  unsubscribe (): void
  /** The same, for `using`. */
  [Symbol.dispose] (): void
}

export interface SubscribeOptions {
  /** Ends the subscription when it aborts. */
  signal?: AbortSignal
}

export interface ModelOptions extends SubscribeOptions {
  /** The groups that the model's changes go to. */
  group: string | readonly string[]
}

export interface SendOptions {
  /** Milliseconds for everything, waiting for the connection included; 10,000 by default. */
  timeout?: number
}

export interface ReadyOptions {
  /** Milliseconds; without it there is no limit. */
  timeout?: number
}

/** What this client rejects with. */
export interface RealtimeError extends Error {
  /**
   * The server's (`FST_REALTIME_FORBIDDEN`), or this client's own: `FST_REALTIME_TIMEOUT`
   * (never sent), `FST_REALTIME_OUTCOME_UNKNOWN` (sent, not answered in time) and
   * `FST_REALTIME_CLOSED` (the client is closed).
   */
  readonly code: string
}

/** One tab's view of the server's live data. */
export interface Realtime<Events extends object = Untyped, Models extends object = Untyped> {
  /** The public random tag of this tab, by which the server leaves out its own echo. */
  readonly origin: string
  readonly status: Status
  /**
   * Calls handlers for messages of groups, from now until it is ended. The names
   * `@user` (what goes to this user), `@all` (broadcasts) and `@connection` need
   * no joining and are always allowed.
   *
   * @throws TypeError for what is not a group name
   */
  subscribe (groups: string | readonly string[], handlers: Handlers<Events>, options?: SubscribeOptions): Subscription
  /**
   * Calls handlers for the changes of one model that go to `options.group`.
   *
   * @throws TypeError for what is not a group name
   */
  model<Name extends keyof Models & string> (name: Name, handlers: ModelHandlers<Models[Name]>, options: ModelOptions): Subscription
  /**
   * Sends an event to the server's handler and resolves with its reply. It is
   * repeated while the outcome is unknown, under one id, so the handler runs once.
   * Where order matters, await one before the next.
   *
   * @throws RealtimeError, as a rejection
   */
  send<Reply = unknown> (group: string, event: string, data?: unknown, options?: SendOptions): Promise<Reply>
  /** The global `fetch`, plus the header `realtime-origin` for requests to the server's own origin. */
  fetch: typeof fetch
  /** Calls `listener` with every new status; returns its remover. */
  onStatus (listener: (status: Status) => void): () => void
  /**
   * Connects if need be, and resolves once connected.
   *
   * @throws RealtimeError with `FST_REALTIME_TIMEOUT` or `FST_REALTIME_CLOSED`, as a rejection
   */
  ready (options?: ReadyOptions): Promise<void>
  /** Connects also without a subscription, until `close()`; leaves the state `closed`. */
  connect (): void
  /** Ends the connection; subscriptions stay and come back with `connect()`. */
  close (): void
}
