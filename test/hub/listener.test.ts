import t from 'tap'
import { newHub } from './publishing.ts'

const MAX_WAITING = 10_000

t.test('messages are heard in order, before and while they are awaited', async (t) => {
  const { hub, publish } = newHub()
  const listener = hub.listen(undefined)
  publish('a', 1)
  publish('b', 2, { volatile: true })
  t.match(await listener.next(), { done: false, value: { id: '7-1', group: 'a', data: 1 } })
  t.match(await listener.next(), { done: false, value: { group: 'b', data: 2 } })
  const next = listener.next()
  publish('a', 3)
  t.match(await next, { done: false, value: { data: 3 } })
})

t.test('a listener of one group hears nothing else', async (t) => {
  const { hub, publish } = newHub()
  const listener = hub.listen('a')
  publish('b', 1)
  publish('a', 2)
  t.match(await listener.next(), { value: { group: 'a', data: 2 } })
})

t.test('each reader has a message of its own', async (t) => {
  const { hub, publish } = newHub()
  const [first, second] = [hub.listen('a'), hub.listen('a')]
  publish('a', { x: 1 })
  const { value } = await first.next() as { value: { data: { x: number } } }
  value.data.x = 2
  t.match(await second.next(), { value: { data: { x: 1 } } })
})

t.test('several calls may wait at once, and each gets the next message', async (t) => {
  const { hub, publish } = newHub()
  const listener = hub.listen('a')
  const calls = [listener.next(), listener.next(), listener.next()]
  publish('a', 1)
  publish('a', 2)
  hub.close()
  t.match(await Promise.all(calls), [{ value: { data: 1 } }, { value: { data: 2 } }, { done: true }])
})

t.test('leaving the loop stops it', async (t) => {
  const { hub, publish } = newHub()
  const listener = hub.listen('a')
  publish('a', 1)
  for await (const { data } of listener) {
    if (data === 1) break
  }
  publish('a', 2)
  t.same(await listener.next(), { done: true, value: undefined })
})

t.test('when the hub closes, what was heard is read and then it is over', async (t) => {
  const { hub, publish } = newHub()
  const [listener, waiting] = [hub.listen('a'), hub.listen('b')]
  const next = waiting.next()
  publish('a', 1)
  hub.close()
  t.same(await next, { done: true, value: undefined })
  t.match(await listener.next(), { done: false, value: { data: 1 } })
  t.same(await listener.next(), { done: true, value: undefined })
})

t.test('one who reads too slowly is told so, once', async (t) => {
  const { hub, publish } = newHub()
  const listener = hub.listen('a')
  for (let i = 0; i <= MAX_WAITING; i++) publish('a', i)
  await t.rejects(listener.next(), { code: 'FST_REALTIME_LISTENER_BEHIND' })
  t.same(await listener.next(), { done: true, value: undefined })
})

t.test('as many as may wait are all read', async (t) => {
  const { hub, publish } = newHub()
  const listener = hub.listen('a')
  for (let i = 0; i < MAX_WAITING; i++) publish('a', i)
  hub.close()
  let count = 0
  for await (const { data } of listener) if (data === count) count++
  t.equal(count, MAX_WAITING)
})
