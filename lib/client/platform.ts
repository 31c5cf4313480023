/** Ends what it was returned for; again does nothing. */
export type Cancel = () => void

/** What the surroundings tell a client. */
export interface Surroundings {
  /** The network or the page is back: whatever was waited for may work now. */
  wake (): void
  /** The page is put away and must hold no connection. */
  suspend (): void
}

/** All that a client needs of the world around it. */
export interface Platform {
  /** Milliseconds since the epoch: a wall clock, which goes on while the machine sleeps. */
  now (): number
  /** Runs `run` once, at least `ms` milliseconds from now. */
  after (ms: number, run: () => void): Cancel
  /** From 0 up to 1. */
  random (): number
  fetch: typeof fetch
  /** What relative URLs are relative to; `undefined` where nothing is. */
  readonly base: string | undefined
  /** `false` only where the system says that there is no network. */
  online (): boolean
  /** Takes what a handler threw. */
  report (error: unknown): void
  /** Follows the surroundings until the remover is called. */
  listen (surroundings: Surroundings): Cancel
}

/** A random public name: 20 characters of `0-9a-z`, enough not to meet another one. */
export function randomTag (platform: Platform): string {
  return Array.from({ length: 20 }, () => Math.floor(platform.random() * 36).toString(36)).join('')
}
