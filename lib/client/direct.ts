import type { Realtime } from '../../types/client.ts'
import type { Platform } from './platform.ts'
import { createRealtime } from './realtime.ts'
import type { LocatedOptions } from './request.ts'

/** A client that holds its connection itself: in a page, a worker, or Node. */
export function connectDirectly (options: LocatedOptions): Realtime {
  return createRealtime(surroundingPlatform(options.fetch), options)
}

function surroundingPlatform (ownFetch: typeof fetch | undefined): Platform {
  const page = typeof document === 'undefined' ? undefined : document
  return {
    now: Date.now,
    after (ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    random: Math.random,
    // Looked up with every call, since apps and their tools replace it.
    fetch: (input, init) => (ownFetch ?? fetch)(input, init),
    base: page?.baseURI ?? (typeof location === 'undefined' ? undefined : location.href),
    online: () => typeof navigator === 'undefined' || navigator.onLine !== false,
    report (error) {
      if (typeof reportError === 'function') reportError(error)
      else console.error(error)
    },
    listen ({ wake, suspend }) {
      if (typeof addEventListener === 'undefined') return () => {}
      const stop = new AbortController()
      const { signal } = stop
      addEventListener('online', wake, { signal })
      addEventListener('pagehide', suspend, { signal })
      addEventListener('pageshow', ({ persisted }) => persisted && wake(), { signal })
      page?.addEventListener('visibilitychange', () => page.visibilityState === 'visible' && wake(), { signal })
      page?.addEventListener('resume', wake, { signal })
      return () => stop.abort()
    }
  }
}
