import t from 'tap'
import type { Message } from '../../lib/protocol/message.ts'
import { closeMessage, expiringMessage, gapMessage, joinedMessage, leftMessage, openMessage, tickMessage } from '../../lib/protocol/system.ts'

const json = (message: Message): unknown => JSON.parse(message.json)
const opening = { connection: 'c', token: 't', user: null, groups: ['a'], refused: [], resumed: false, heartbeat: 15_000 }

t.test('open carries the cursor from which nothing is missed, or none', async (t) => {
  t.strictSame(json(openMessage(opening, '1-2')), { id: '1-2', event: 'realtime:open', data: opening })
  t.strictSame(json(openMessage(opening, null)), { event: 'realtime:open', data: opening })
})

t.test('joined carries its cursor as its id too', async (t) => {
  const joined = { ref: 1, group: 'a', view: null, cursor: '1-2', resumed: false }
  t.strictSame(json(joinedMessage(joined)), { id: '1-2', event: 'realtime:joined', data: joined })
})

t.test('a tick is nothing but a cursor', async (t) => {
  t.strictSame(json(tickMessage('1-2')), { id: '1-2', event: 'realtime:tick', data: {} })
})

t.test('what is no cursor carries none', async (t) => {
  t.strictSame(json(gapMessage('a', 'expired')), { event: 'realtime:gap', data: { group: 'a', reason: 'expired' } })
  t.strictSame(json(leftMessage('a', 'revoked')), { event: 'realtime:left', data: { group: 'a', reason: 'revoked' } })
  t.strictSame(json(expiringMessage(30_000)), { event: 'realtime:expiring', data: { in: 30_000 } })
  t.strictSame(json(closeMessage('shutdown', true, 400)), { event: 'realtime:close', data: { reason: 'shutdown', retry: true, delay: 400 } })
})
