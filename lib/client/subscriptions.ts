import type { WireMessage } from '../../types/message.ts'
import type { Subscription } from '../../types/client.ts'
import type { Gap } from '../../types/client-handlers.ts'
import { isGroupName } from '../protocol/names.ts'
import { isLocal, subscribedName } from './local-group.ts'
import { createSeen } from './seen.ts'
import type { Link } from './sink.ts'
import { joinedMessage } from './system-event.ts'

/** Takes the messages of a subscription, `realtime:joined`, `realtime:gap` and `realtime:left` included. Must not throw. */
export type Receive = (message: WireMessage) => void

/** The subscriptions of one tab. */
export interface Subscriptions {
  /**
   * @param receive a function of this subscription alone
   * @throws TypeError for what is not a group name
   */
  add (groups: string | readonly string[], receive: Receive, signal: AbortSignal | undefined): Subscription
  /** Gives a message to the subscriptions of its group, unless it has been seen. */
  dispatch (message: WireMessage): void
}

export function createSubscriptions (link: () => Link): Subscriptions {
  const groups = new Map<string, Set<Receive>>()
  const seen = createSeen()

  function join (group: string, receive: Receive): void {
    const receivers = groups.get(group)
    if (receivers) {
      receivers.add(receive)
    } else {
      groups.set(group, new Set([receive]))
      link().join(group)
    }
  }

  function leave (group: string, receive: Receive): void {
    const receivers = groups.get(group)
    if (!receivers?.delete(receive) || receivers.size > 0) return
    groups.delete(group)
    seen.forget(group)
    link().leave(group)
  }

  return {
    add (names, receive, signal) {
      const wanted = new Set(typeof names === 'string' ? [names] : names)
      for (const name of wanted) {
        if (!isGroupName(name) && !isLocal(name)) throw new TypeError(`not a group name: ${name}`)
      }
      const unsubscribe = (): void => {
        signal?.removeEventListener('abort', unsubscribe)
        for (const name of wanted) leave(name, receive)
      }
      if (!signal?.aborted) {
        signal?.addEventListener('abort', unsubscribe)
        for (const name of wanted) {
          join(name, receive)
          if (link().isLive(name)) queueMicrotask(() => groups.get(name)?.has(receive) && receive(joinedMessage(name, false)))
        }
      }
      const subscription = { unsubscribe } as Subscription
      if (Symbol.dispose) subscription[Symbol.dispose] = unsubscribe
      return subscription
    },

    dispatch (message) {
      const news = message.data as Gap
      const group = subscribedName(message.group ?? news.group)
      const receivers = groups.get(group)
      if (!receivers) return
      if (message.event === 'realtime:gap' && news.reason !== 'expired') seen.forget(group)
      if (!seen.isNew(group, message)) return
      for (const receive of [...receivers]) {
        if (receivers.has(receive)) receive(message)
      }
    }
  }
}
