import type { ClientOptions, Realtime } from '../../types/client.ts'
import type { Untyped } from '../../types/client-handlers.ts'
import { connectDirectly } from './direct.ts'

export type {
  ClientOptions, ModelOptions, ReadyOptions, Realtime, RealtimeError, SendOptions, SubscribeOptions, Subscription
} from '../../types/client.ts'
export type { Gap, Handler, Handlers, Left, Meta, ModelHandlers, Opened, SubscriptionHandlers, Untyped } from '../../types/client-handlers.ts'
export type {
  ClosedStatus, ConnectedStatus, ConnectingStatus, IdleStatus, OfflineStatus, ReconnectingStatus, Status
} from '../../types/client-status.ts'
export type { ModelAction, WireMessage } from '../../types/message.ts'
export type { GapReason, LeaveReason } from '../../types/reasons.ts'

/**
 * A client of a server with this plugin. It connects with the first subscription.
 *
 * @typeParam Events the data of each event, by its name
 * @typeParam Models the row of each model, by its name
 */
export function connect<Events extends object = Untyped, Models extends object = Untyped> (options: ClientOptions = {}): Realtime<Events, Models> {
  return connectDirectly({ url: '/realtime', ...options }) as Realtime<Events, Models>
}
