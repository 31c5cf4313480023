import type { Cancel, Platform } from './platform.ts'

/** Notices that nothing comes in any more. */
export interface Watchdog {
  /** Begins to watch; `limit` is in milliseconds. */
  watch (limit: number): void
  /** Something came in. */
  heard (): void
  /** How long nothing has come in, in milliseconds. */
  silence (): number
  /** Whether that is longer than the limit: known before the timer, when the machine has slept. */
  overdue (): boolean
  stop (): void
}

/** @param expired called when nothing came in for the limit; it is not watched any longer then */
export function createWatchdog (platform: Platform, expired: () => void): Watchdog {
  let last = 0
  let limit = 0
  let timer: Cancel | undefined

  // A clock that was set back must not put off the end for as long.
  const silence = (): number => {
    last = Math.min(last, platform.now())
    return platform.now() - last
  }

  function check (): void {
    const left = limit - silence()
    timer = left > 0 ? platform.after(left, check) : undefined
    if (left <= 0) expired()
  }

  function heard (): void {
    last = platform.now()
  }

  function stop (): void {
    timer?.()
    timer = undefined
  }

  return {
    watch (milliseconds) {
      stop()
      limit = milliseconds
      heard()
      timer = platform.after(limit, check)
    },
    heard,
    silence,
    overdue: () => silence() >= limit,
    stop
  }
}
