import type { WireMessage } from './message.ts'
import type { GapReason, LeaveReason } from './reasons.ts'

/** Any event with any data: what is assumed without an event map or a model map. */
export type Untyped = Record<string, unknown>

/** A message without its data. */
export type Meta = Readonly<Omit<WireMessage, 'data'>>

/** Takes a message's data. What it throws is reported and stops no other handler. */
export type Handler<Data> = unknown extends Data ? UntypedHandler : (data: Data, meta: Meta) => void

/** Accepts handlers that name the type of data themselves. */
type UntypedHandler = { bivariant (data: unknown, meta: Meta): void }['bivariant']

/** Messages of `group` were missed and cannot be supplied: refetch, then carry on. */
export interface Gap {
  readonly group: string
  readonly reason: GapReason
}

/**
 * This client is not in `group`: the server took it out, or refused to let it in
 * (then `reason` is an error code). It is asked again with the next connection.
 */
export interface Left {
  readonly group: string
  readonly reason: LeaveReason | (string & {})
}

/** The messages of `group` are coming: from here on none is missed. */
export interface Opened {
  readonly group: string
  /** Whether those of before were supplied too. */
  readonly resumed: boolean
}

/**
 * Handlers of what concerns a subscription as a whole. No event of an app has one
 * of these names.
 */
export interface SubscriptionHandlers {
  /** Called whenever the group was joined, with every new connection too: the moment to load what there is. */
  open?: (opened: Opened) => void
  gap?: (gap: Gap) => void
  error?: (left: Left) => void
}

/** Handlers by event name. `'*'` gets every message, after the handler of its event. */
export type Handlers<Events extends object> = SubscriptionHandlers & {
  [Event in Exclude<keyof Events, keyof SubscriptionHandlers | '*'>]?: Handler<Events[Event]>
} & {
  '*'?: Handler<Events[keyof Events]>
}

/** Handlers of the changes of one model; a row has the fields that its exposure lists. */
export interface ModelHandlers<Row> extends SubscriptionHandlers {
  created?: Handler<Row>
  updated?: Handler<Row>
  /** Gets the key alone. */
  deleted?: Handler<unknown extends Row ? unknown : Partial<Row>>
  /** Something changed that the server cannot tell row by row: refetch. */
  invalidated?: Handler<unknown>
}
