import t from 'tap'
import { Batch } from '../../lib/hub/batch.ts'
import { Message } from '../../lib/protocol/message.ts'
import { draft } from '../connection/memory-node.ts'

const message = (group: string, id: string | null): Message => new Message(draft(group, id, { volatile: id === null }), id)
const root = (): Batch => new Batch(undefined, [])

t.test('the same runs are the same batch', async (t) => {
  const start = root()
  const run = [message('a', '1-1')]
  t.equal(start.with(run), start.with(run))
})

t.test('after another run the paths part', async (t) => {
  const start = root()
  const [first, second] = [[message('a', '1-1')], [message('b', '1-2')]]
  const both = start.with(first).with(second)
  const one = start.with(second)
  t.not(both, one)
  t.equal(start.with(second), one)
  t.equal(both.count, 2)
  t.equal(one.count, 1)
})

t.test('its bytes are those of its messages in order, joined once a format', async (t) => {
  const messages = ['1-1', '1-2', '1-3'].map((id) => message('a', id))
  const batch = root().with(messages.slice(0, 2)).with(messages.slice(2))
  for (const format of ['event', 'websocket'] as const) {
    t.same(batch.bytes(format), Buffer.concat(messages.map((message) => message.bytes(format))))
    t.equal(batch.bytes(format), batch.bytes(format))
  }
})

t.test('it names the groups of kept messages alone', async (t) => {
  const batch = root().with([message('a', '1-1'), message('a', '1-2')]).with([message('b', null)]).with([message('c', '1-3')])
  t.same([...batch.groups()], ['a', 'a', 'c'])
})
