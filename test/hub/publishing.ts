import { Hub } from '../../lib/hub/hub.ts'
import { Message } from '../../lib/protocol/message.ts'
import { draft } from '../connection/memory-node.ts'

/** A hub with messages at 7-1, 7-2 and so on. */
export function newHub (slice?: number): { hub: Hub, publish (group: string, data: unknown, options?: { origin?: string, volatile?: boolean }): Message } {
  const hub = new Hub('7-0', slice)
  let counter = 0
  return {
    hub,
    publish (group, data, options = {}) {
      const message = new Message(draft(group, data, options), options.volatile === true ? null : `7-${++counter}`)
      hub.receive(message)
      return message
    }
  }
}
