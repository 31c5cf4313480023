import type { FastifyInstance } from 'fastify'
import type { WireMessage } from '../../types/message.ts'

/** What `act` makes the app send, as it travels, without ids; sends of other callers included. */
export async function heard (app: FastifyInstance, act: () => unknown): Promise<Array<WireMessage<any>>> {
  const messages: Array<WireMessage<any>> = []
  const all = app.realtime.listen()
  await act()
  await app.realtime.broadcast().send('done', {})
  for await (const { id, ...message } of all) {
    if (message.event === 'done') break
    messages.push(message)
  }
  return messages
}
