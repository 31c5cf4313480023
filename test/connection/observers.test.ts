import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import t from 'tap'
import { setImmediate } from 'node:timers/promises'
import { MemoryLine } from './memory-line.ts'
import { MemoryNode } from './memory-node.ts'

t.test('they are told of connections and groups, in order', async (t) => {
  const node = new MemoryNode()
  const { observers } = node.context
  const told: string[] = []
  observers.onConnect(({ user }) => { told.push(`connect ${user}`) })
  observers.onJoin('room:*', (_connection, group) => { told.push(`join ${group}`) })
  observers.onLeave('*', (_connection, group) => { told.push(`leave ${group}`) })
  observers.onDisconnect(({ user }) => { told.push(`disconnect ${user}`) })
  const line = new MemoryLine()
  node.connect(line, { user: 'u', groups: ['room:1', 'other'] })
  line.cut()
  t.same(told, ['connect u', 'join room:1', 'leave room:1', 'leave other', 'disconnect u'])
})

t.test('a remover removes', async (t) => {
  const node = new MemoryNode()
  let count = 0
  const remove = node.context.observers.onConnect(() => { count++ })
  node.connect(new MemoryLine())
  remove()
  remove()
  node.connect(new MemoryLine())
  t.equal(count, 1)
})

t.test('one that throws or rejects hurts nobody, and is counted', async (t) => {
  const node = new MemoryNode()
  const { observers, counters } = node.context
  let told = 0
  observers.onConnect(() => { throw new Error('no') })
  observers.onConnect(async () => { throw new Error('no') })
  observers.onConnect(() => { told++ })
  const connection = node.connect(new MemoryLine())
  await setImmediate()
  t.equal(connection.state, 'open')
  t.equal(told, 1)
  t.equal(counters.hookFailures, 2)
})

t.test('what they are given has no token', async (t) => {
  const node = new MemoryNode()
  let given: object | undefined
  node.context.observers.onConnect((connection) => { given = connection })
  const { token } = node.connect(new MemoryLine())
  t.notOk('token' in given!)
  t.notOk(JSON.stringify(given).includes(token))
})

t.test('the same is heard on the diagnostics channels', async (t) => {
  const node = new MemoryNode()
  const heard: string[] = []
  const names = ['connect', 'join', 'leave', 'disconnect'].map((name) => `fastify-realtime:${name}`)
  const listener = (message: unknown, name: string | symbol): void => { heard.push(`${String(name)} ${(message as { group?: string }).group ?? ''}`) }
  for (const name of names) subscribe(name, listener)
  t.teardown(() => { for (const name of names) unsubscribe(name, listener) })
  const line = new MemoryLine()
  node.connect(line, { groups: ['a'] })
  line.cut()
  t.same(heard, ['fastify-realtime:connect ', 'fastify-realtime:join a', 'fastify-realtime:leave a', 'fastify-realtime:disconnect '])
})
