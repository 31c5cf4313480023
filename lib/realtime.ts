import type { FastifyRequest } from 'fastify'
import type { WebSocket } from '@fastify/websocket'
import type { ConnectionInfo, RealtimeConnection } from '../types/connection.ts'
import type { WireMessage } from '../types/message.ts'
import type { Metrics } from '../types/metrics.ts'
import type { Change, ModelTarget, Row } from '../types/model.ts'
import type { Realtime, Revocation, UpgradedSocket, UpgradeOptions } from '../types/realtime.ts'
import type { ConnectionTarget, SendOptions, SendResult, Target } from '../types/send.ts'
import type { Connection } from './connection/connection.ts'
import type { Context } from './connection/context.ts'
import { namedGroups } from './connection/handle.ts'
import { grantJoin, leaveGroup } from './connection/joining.ts'
import type { GroupObserver } from './connection/observers.ts'
import { recheck, revoke } from './connection/revoking.ts'
import { errors } from './errors.ts'
import { upgradeOn, type OwnRoutes } from './http/own-routes.ts'
import type { Hub } from './hub/hub.ts'
import type { Models } from './models/models.ts'
import { EVERYONE, isGroupName, isUserId, quoted, userGroup } from './protocol/names.ts'
import type { Publisher } from './publisher.ts'

/** What the handle hands its calls on to. */
export interface HandleParts {
  readonly hub: Hub
  readonly context: Context
  readonly publisher: Publisher
  readonly models: Models
  readonly own: OwnRoutes
  isHealthy (): boolean
  sendTo (connection: Connection, event: string, data: unknown): Promise<void>
}

/** What the instance is decorated with: each call handed on to the part that does it. */
export class RealtimeHandle implements Realtime {
  readonly installed = true
  readonly #parts: HandleParts

  constructor (parts: HandleParts) {
    this.#parts = parts
  }

  get healthy (): boolean { return this.#parts.isHealthy() }
  get connectionCount (): number { return this.#parts.context.registry.size }

  toGroup (names: string | readonly string[]): Target {
    return this.#target(() => list(names).map(toGroupName))
  }

  toUser (ids: string | number | bigint | ReadonlyArray<string | number | bigint>): Target {
    return this.#target(() => list(ids).map((id) => userGroup(toUserId(id))))
  }

  broadcast (): Target {
    return this.#target(() => [EVERYONE])
  }

  toConnection (id: string): ConnectionTarget {
    const { publisher, context, sendTo } = this.#parts
    return {
      send: (event, data) => publisher.guard(async () => {
        const connection = context.registry.get(id)
        if (connection === undefined) throw new errors.NotFound(quoted(id))
        await sendTo(connection, event, data)
        return { id: null, ids: [null] }
      })
    }
  }

  model<R extends object = object> (name: string): ModelTarget<R> {
    return this.#parts.models.target<R>(name)
  }

  emit (change: Change, options?: SendOptions): Promise<SendResult> {
    return this.#parts.models.emit(change, options)
  }

  onChange<R extends object = Row> (model: string, handler: (change: Change & { row: R, previous?: R }) => unknown): () => void {
    return this.#parts.models.onChange(model, handler as (change: Change) => unknown)
  }

  onConnect (observer: (connection: RealtimeConnection) => unknown): () => void {
    return this.#parts.context.observers.onConnect(observer)
  }

  onDisconnect (observer: (connection: RealtimeConnection) => unknown): () => void {
    return this.#parts.context.observers.onDisconnect(observer)
  }

  onJoin (...args: [GroupObserver] | [string, GroupObserver]): () => void {
    return this.#parts.context.observers.onJoin(...withPattern(args))
  }

  onLeave (...args: [GroupObserver] | [string, GroupObserver]): () => void {
    return this.#parts.context.observers.onLeave(...withPattern(args))
  }

  groupSize (name: string): number {
    return this.#parts.hub.groupSize(name)
  }

  async connections (which: { user?: string | number | bigint, group?: string } = {}): Promise<ConnectionInfo[]> {
    const { registry, node } = this.#parts.context
    const user = which.user === undefined ? undefined : String(which.user)
    const infos: ConnectionInfo[] = []
    for (const connection of user === undefined ? registry : registry.ofUser(user)) {
      if (which.group !== undefined && connection.place(which.group) === undefined) continue
      infos.push({
        id: connection.id,
        node,
        user: connection.identity.user,
        transport: connection.transport.kind,
        since: new Date(connection.since),
        groups: namedGroups(connection).map((group) => ({ group, where: null, events: null }))
      })
    }
    return infos
  }

  async join (connection: string | RealtimeConnection, group: string, options: { after?: string } = {}): Promise<void> {
    await grantJoin(this.#parts.context, this.#find(connection), { group, after: options.after, ref: null })
  }

  async leave (connection: string | RealtimeConnection, group: string): Promise<void> {
    const { context } = this.#parts
    const found = this.#find(connection)
    toGroupName(group)
    await context.groups.boundary()
    leaveGroup(context, found, group, 'server')
    await context.groups.boundary()
  }

  async revoke ({ user, group, connection }: Revocation): Promise<void> {
    if (user === undefined && group === undefined && connection === undefined) {
      throw new TypeError('revoke() takes at least one of user, group and connection')
    }
    await revoke(this.#parts.context, {
      user: user === undefined ? undefined : toUserId(user),
      group,
      connection: connection === undefined ? undefined : idOf(connection)
    })
  }

  async recheck (which: { user?: string | number | bigint, group?: string } = {}): Promise<void> {
    await recheck(this.#parts.context, {
      user: which.user === undefined ? undefined : toUserId(which.user),
      group: which.group === undefined ? undefined : toGroupName(which.group)
    })
  }

  listen (group?: string): AsyncIterableIterator<WireMessage> {
    return this.#parts.hub.listen(group)
  }

  metrics (): Metrics {
    const { context, hub } = this.#parts
    let connectionsSse = 0
    for (const { transport } of context.registry) if (transport.kind === 'sse') connectionsSse++
    const connections = context.registry.size
    return {
      connections,
      connectionsSse,
      connectionsWebSocket: connections - connectionsSse,
      groups: hub.groupCount,
      connectionsBehind: context.backlog.size,
      ...context.counters
    }
  }

  async upgrade (socket: UpgradedSocket, request: FastifyRequest, options: UpgradeOptions = {}): Promise<RealtimeConnection> {
    return await upgradeOn(this.#parts.own, socket as WebSocket, request, options)
  }

  #target (groups: () => string[]): Target {
    const { publisher } = this.#parts
    return {
      send: (event, data, options) => publisher.publish(() => publisher.compose(groups(), event, data, options))
    }
  }

  #find (connection: string | RealtimeConnection): Connection {
    const id = idOf(connection)
    const found = this.#parts.context.registry.get(id)
    if (found === undefined) throw new errors.NotFound(quoted(id))
    return found
  }
}

function list<T> (one: T | readonly T[]): readonly T[] {
  return Array.isArray(one) ? one as readonly T[] : [one as T]
}

function toGroupName (name: unknown): string {
  if (!isGroupName(name)) throw new errors.BadGroup(quoted(name))
  return name
}

function toUserId (id: unknown): string {
  const text = Number.isFinite(id) || typeof id === 'bigint' ? String(id) : id
  if (!isUserId(text)) throw new errors.BadUser(quoted(text))
  return text
}

function idOf (connection: string | RealtimeConnection): string {
  return typeof connection === 'string' ? connection : connection.id
}

function withPattern (args: [GroupObserver] | [string, GroupObserver]): [string, GroupObserver] {
  return args.length === 1 ? ['*', args[0]] : args
}
