import type { FastifyInstance } from 'fastify'
import type { RealtimeConnection } from '../types/connection.ts'
import type { Realtime, StreamOptions } from '../types/realtime.ts'
import { absent } from './absent.ts'
import fastifyRealtime from './plugin.ts'

export default fastifyRealtime
export { fastifyRealtime }
export { redactUrl } from './http/redact.ts'
export type { ConnectionInfo, RealtimeConnection } from '../types/connection.ts'
export type { Identity, IdentityDetails, IdentityResult } from '../types/identity.ts'
export type { ModelAction, WireMessage } from '../types/message.ts'
export type { Metrics } from '../types/metrics.ts'
export type { Change, Exposure, GroupOf, Models, ModelTarget, Row, RowAction } from '../types/model.ts'
export type { CanJoin, JoinQuestion, Limits, PreHandler, RealtimeOptions } from '../types/options.ts'
export type { Realtime, Revocation, StreamOptions, UpgradedSocket, UpgradeOptions } from '../types/realtime.ts'
export type { CloseReason, GapReason, LeaveReason } from '../types/reasons.ts'
export type { ConnectionTarget, SendOptions, SendResult, Target } from '../types/send.ts'

/**
 * The handle of an instance, or one whose sends do nothing where the plugin is not
 * registered; `.installed` tells which. `decorator` as at the registration.
 */
export function realtimeOf (app: FastifyInstance, decorator: string = 'realtime'): Realtime {
  return app.hasDecorator(decorator) ? (app as unknown as Record<string, Realtime>)[decorator]! : absent
}

declare module 'fastify' {
  interface FastifyInstance {
    realtime: Realtime
  }

  interface FastifyReply {
    /** Turns this reply into a stream. Resolves when it is open; rejects with what refuses it. */
    realtime (options?: StreamOptions): Promise<RealtimeConnection>
  }
}
