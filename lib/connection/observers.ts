import type { FastifyBaseLogger } from 'fastify'
import type { RealtimeConnection } from '../../types/connection.ts'
import type { Counters } from '../../types/metrics.ts'
import { callObserver } from '../protocol/callback.ts'
import { channels } from '../protocol/channels.ts'
import { groupMatcher } from '../protocol/pattern.ts'

export type ConnectionObserver = (connection: RealtimeConnection) => unknown
export type GroupObserver = (connection: RealtimeConnection, group: string) => unknown

/** The app's `onConnect`, `onDisconnect`, `onJoin` and `onLeave`: told, never asked, and never able to hurt. */
export class Observers {
  readonly #connect = new Set<ConnectionObserver>()
  readonly #disconnect = new Set<ConnectionObserver>()
  readonly #join = new Set<GroupObserver>()
  readonly #leave = new Set<GroupObserver>()
  readonly #log: FastifyBaseLogger
  readonly #counters: Counters

  constructor (log: FastifyBaseLogger, counters: Counters) {
    this.#log = log
    this.#counters = counters
  }

  onConnect (observer: ConnectionObserver): () => void {
    return register(this.#connect, (connection) => observer(connection))
  }

  onDisconnect (observer: ConnectionObserver): () => void {
    return register(this.#disconnect, (connection) => observer(connection))
  }

  onJoin (pattern: string, observer: GroupObserver): () => void {
    return register(this.#join, matching(pattern, observer))
  }

  onLeave (pattern: string, observer: GroupObserver): () => void {
    return register(this.#leave, matching(pattern, observer))
  }

  connected (handle: () => RealtimeConnection): void {
    if (channels.connect.hasSubscribers) channels.connect.publish({ connection: handle() })
    for (const observer of this.#connect) this.#tell('onConnect', () => observer(handle()))
  }

  disconnected (handle: () => RealtimeConnection): void {
    if (channels.disconnect.hasSubscribers) channels.disconnect.publish({ connection: handle() })
    for (const observer of this.#disconnect) this.#tell('onDisconnect', () => observer(handle()))
  }

  joined (handle: () => RealtimeConnection, group: string): void {
    if (channels.join.hasSubscribers) channels.join.publish({ connection: handle(), group })
    for (const observer of this.#join) this.#tell('onJoin', () => observer(handle(), group))
  }

  left (handle: () => RealtimeConnection, group: string): void {
    if (channels.leave.hasSubscribers) channels.leave.publish({ connection: handle(), group })
    for (const observer of this.#leave) this.#tell('onLeave', () => observer(handle(), group))
  }

  #tell (hook: string, call: () => unknown): void {
    callObserver(call, (error) => {
      this.#counters.hookFailures++
      this.#log.error({ err: error, hook }, 'a realtime observer failed')
    })
  }
}

function register<O> (observers: Set<O>, observer: O): () => void {
  observers.add(observer)
  return () => { observers.delete(observer) }
}

function matching (pattern: string, observer: GroupObserver): GroupObserver {
  const matches = groupMatcher(pattern)
  return (connection, group) => matches(group) ? observer(connection, group) : undefined
}
