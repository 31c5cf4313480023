import type { FastifyBaseLogger } from 'fastify'
import type { GroupMembers } from '../../types/hub.ts'
import type { Counters } from '../../types/metrics.ts'
import type { CanJoin, Limits } from '../../types/options.ts'
import type { Draft } from '../../types/backplane.ts'
import { MemoryBackplane } from '../../lib/backplane/memory.ts'
import { Backlog } from '../../lib/connection/backlog.ts'
import type { Connection } from '../../lib/connection/connection.ts'
import type { Context } from '../../lib/connection/context.ts'
import { Goodbyes } from '../../lib/connection/goodbyes.ts'
import { ConnectionHandle } from '../../lib/connection/handle.ts'
import { Heartbeat } from '../../lib/connection/heartbeat.ts'
import { gone } from '../../lib/connection/life.ts'
import { Observers } from '../../lib/connection/observers.ts'
import { openConnection, type Handshake } from '../../lib/connection/opening.ts'
import { Policy } from '../../lib/connection/policy.ts'
import { Registry } from '../../lib/connection/registry.ts'
import { Revocations } from '../../lib/connection/revocations.ts'
import { receive, receiveUnreadable } from '../../lib/connection/session.ts'
import { Hub } from '../../lib/hub/hub.ts'
import { Message } from '../../lib/protocol/message.ts'
import { newCounters } from '../../lib/protocol/counters.ts'
import type { MemoryLine } from './memory-line.ts'

/** Parts of a node that a test may want otherwise. */
export interface NodeParts {
  readonly newHub?: (backplane: MemoryBackplane) => Hub
  readonly newBacklog?: (maxLag: number, counters: Counters) => Backlog
  /** The hub as the heartbeat sees it. */
  readonly newPulse?: (hub: Hub, backplane: MemoryBackplane) => GroupMembers
  readonly canJoin?: CanJoin
  readonly limits?: Partial<Limits>
  /** Milliseconds between two ticks. */
  readonly heartbeat?: number
}

/** What a client asks for when it connects. */
export interface Asked {
  readonly user?: string | null
  readonly groups?: readonly string[]
  readonly after?: string | undefined
  readonly origin?: string | undefined
  readonly expiresAt?: number | undefined
}

/** All that one process has between its backplane and its lines, without HTTP. */
export class MemoryNode {
  readonly backplane = new MemoryBackplane(7)
  readonly hub: Hub
  readonly context: Context

  constructor (parts: NodeParts = {}) {
    this.hub = parts.newHub?.(this.backplane) ?? new Hub(this.backplane.position)
    this.backplane.start((draft, id) => { this.hub.receive(new Message(draft, id)) }).catch(fail)
    this.context = newContext(this.hub, parts, parts.newPulse?.(this.hub, this.backplane) ?? this.hub)
  }

  /** Connects, as after an accepted handshake. */
  connect (line: MemoryLine, asked: Asked = {}): Connection {
    const { context } = this
    const identity = { user: asked.user ?? null, expiresAt: asked.expiresAt, data: undefined }
    const handshake: Handshake = {
      identity,
      seat: context.registry.seat(identity.user, '127.0.0.1'),
      claim: context.revocations.claim(),
      groups: asked.groups ?? [],
      granted: false,
      refused: [],
      after: asked.after,
      issuedFor: undefined,
      origin: asked.origin,
      commands: true
    }
    openConnection(context, line, handshake)
    return line.owner as Connection
  }

  /** Publishes at once, and returns the ids. */
  publish (...drafts: Draft[]): Array<string | null> {
    return drafts.map((draft) => {
      this.backplane.publish([draft]).catch(fail)
      return draft.volatile ? null : this.backplane.position
    })
  }
}

/** A message to a group, before it has a position. */
export function draft (group: string, data: unknown, options: { event?: string, origin?: string | undefined, volatile?: boolean } = {}): Draft {
  const { event = 'message', origin, volatile = false } = options
  const tail = origin === undefined ? '' : `"origin":"${origin}",`
  return { group, event, head: `"group":${JSON.stringify(group)},"event":"${event}",${tail}`, data: JSON.stringify(data), origin, volatile }
}

function newContext (hub: Hub, parts: NodeParts, pulse: GroupMembers): Context {
  const limits = { ...defaults, ...parts.limits }
  const counters = newCounters()
  const backlog = parts.newBacklog?.(limits.maxLag, counters) ?? new Backlog(limits.maxLag, counters)
  const context: Context = {
    node: 'memory',
    groups: hub,
    registry: new Registry(limits),
    heartbeat: new Heartbeat(parts.heartbeat ?? 15_000, pulse, [(now) => { backlog.sweep(now) }]),
    backlog,
    goodbyes: new Goodbyes(2_000),
    observers: new Observers(silent, counters),
    policy: new Policy({ identify: () => null, canJoin: parts.canJoin ?? (() => true), timeout: 5_000, log: silent, counters }),
    revocations: new Revocations(),
    counters,
    limits,
    log: silent,
    handle: (connection) => new ConnectionHandle(connection, async () => {}),
    gone: (connection, wasOpen) => { gone(context, connection, wasOpen) },
    received: (connection, text) => { receive(context, connection, text) },
    unreadable: (connection, what) => { receiveUnreadable(context, connection, what) }
  }
  return context
}

function fail (error: unknown): never {
  throw error
}

const ignore = (): void => {}
const silent = { error: ignore, warn: ignore, info: ignore, debug: ignore } as unknown as FastifyBaseLogger

/** The limits that a node has where a test does not say otherwise. */
export const defaults: Limits = {
  maxConnections: 10_000,
  maxConnectionsPerUser: 10_000,
  maxConnectionsPerAddress: 0,
  maxGroupsPerConnection: 500,
  maxMessageBytes: 65_536,
  maxEventBytes: 262_144,
  messagesPerSecond: 50,
  maxBufferedBytes: 65_536,
  maxLag: 30_000,
  hookTimeout: 5_000,
  handshakeTimeout: 10_000
}
