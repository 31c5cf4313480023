import type { ReadyOptions, Realtime } from '../../types/client.ts'
import type { Untyped } from '../../types/client-handlers.ts'
import type { Status } from '../../types/client-status.ts'
import { withDeadline } from './deadline.ts'
import { failure } from './failure.ts'
import { receiveChanges, receiveEvents } from './handler-call.ts'
import { createHub } from './hub.ts'
import { createOriginFetch } from './origin-fetch.ts'
import { randomTag, type Cancel, type Platform } from './platform.ts'
import { createRequester, type LocatedOptions } from './request.ts'
import type { Link } from './sink.ts'
import { createSseTransport } from './sse-transport.ts'
import { createSubscriptions } from './subscriptions.ts'

const SEND_TIMEOUT = 10_000

/** A tab with a connection of its own. */
export function createRealtime (platform: Platform, options: LocatedOptions): Realtime {
  const origin = randomTag(platform)
  const hub = createHub(platform, createSseTransport(platform, createRequester(platform, options)), origin)
  const listeners = new Set<(status: Status) => void>()
  const subscriptions = createSubscriptions(() => link)
  const link: Link = hub.attach({ message: subscriptions.dispatch, status: announce })

  function announce (status: Status): void {
    for (const listener of [...listeners]) {
      // A listener before this one has changed it again, and everyone was told.
      if (status !== link.status) return
      try {
        listener(status)
      } catch (error) {
        platform.report(error)
      }
    }
  }

  function onStatus (listener: (status: Status) => void): Cancel {
    const own = (status: Status): void => listener(status)
    listeners.add(own)
    return () => {
      listeners.delete(own)
    }
  }

  async function ready ({ timeout }: ReadyOptions = {}): Promise<void> {
    const release = link.hold()
    try {
      await withDeadline(platform, timeout, link.opened(), () => failure('FST_REALTIME_TIMEOUT'))
    } finally {
      release()
    }
  }

  const realtime: Realtime<Untyped, Untyped> = {
    origin,
    get status () {
      return link.status
    },
    subscribe: (groups, handlers, { signal } = {}) =>
      subscriptions.add(groups, receiveEvents(handlers, platform.report), signal),
    model: (name, handlers, { group, signal }) =>
      subscriptions.add(group, receiveChanges(name, handlers, platform.report), signal),
    send: (group, event, data, { timeout = SEND_TIMEOUT } = {}) => link.send(group, event, data, timeout) as Promise<never>,
    fetch: createOriginFetch(platform, options.url, origin),
    onStatus,
    ready,
    connect: link.connect,
    close: link.close
  }
  return realtime
}
