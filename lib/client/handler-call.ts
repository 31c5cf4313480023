import type { Meta, ModelHandlers, SubscriptionHandlers } from '../../types/client-handlers.ts'
import type { WireMessage } from '../../types/message.ts'
import type { Receive } from './subscriptions.ts'

type Report = (error: unknown) => void
type AnyHandlers = SubscriptionHandlers & Record<string, unknown>

/** Calls the handler of a message's event, then `'*'`. */
export function receiveEvents (handlers: object, report: Report): Receive {
  return receiveBy(handlers as AnyHandlers, report, ({ event }) => [event, '*'])
}

/** Calls the handler of what happened to a row of the model `name`. */
export function receiveChanges (name: string, handlers: ModelHandlers<unknown>, report: Report): Receive {
  return receiveBy(handlers as AnyHandlers, report, ({ model, action }) => model === name && action ? [action] : [])
}

function receiveBy (handlers: AnyHandlers, report: Report, names: (message: WireMessage) => string[]): Receive {
  const call = (name: string, data: unknown, meta?: Meta): void => {
    const handler = Object.prototype.hasOwnProperty.call(handlers, name) ? handlers[name] : undefined
    if (typeof handler !== 'function') return
    try {
      handler.call(handlers, data, meta)
    } catch (error) {
      report(error)
    }
  }
  return (message) => {
    const { data, ...meta } = message
    if (message.event === 'realtime:gap') call('gap', data)
    else if (message.event === 'realtime:joined') call('open', data)
    else if (message.event === 'realtime:left') call('error', data)
    else for (const name of names(message)) call(name, data, meta)
  }
}
