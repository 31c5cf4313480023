import type { FastifyBaseLogger } from 'fastify'
import type { RealtimeConnection } from '../../types/connection.ts'
import type { Backlog } from './backlog.ts'
import type { Connection, Surroundings } from './connection.ts'
import type { Goodbyes } from './goodbyes.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { Observers } from './observers.ts'
import type { Policy } from './policy.ts'
import type { Registry } from './registry.ts'
import type { Revocations } from './revocations.ts'

/** What all connections of a node share. */
export interface Context extends Surroundings {
  /** This process, as `connections()` names it. */
  readonly node: string
  readonly registry: Registry
  readonly heartbeat: Heartbeat
  readonly backlog: Backlog
  readonly goodbyes: Goodbyes
  readonly observers: Observers
  readonly policy: Policy
  readonly revocations: Revocations
  readonly log: FastifyBaseLogger
  /** What the app gets to see of a connection. */
  handle (connection: Connection): RealtimeConnection
}
