import t from 'tap'
import { Message } from '../../lib/protocol/message.ts'
import { draft } from '../connection/memory-node.ts'
import { newHub } from './publishing.ts'
import { Recorder } from './recorder.ts'

t.test('what one turn publishes leaves in one delivery, in position order over all groups', async (t) => {
  const { hub, publish } = newHub()
  const member = new Recorder()
  hub.join(member, 'a')
  hub.join(member, 'b')
  publish('a', 1)
  publish('b', 2)
  publish('c', 3)
  publish('a', 4)
  t.same(member.turns, [], 'nothing leaves within the turn')
  await hub.boundary()
  publish('b', 5)
  await hub.boundary()
  t.same(member.turns, [[1, 2, 4], [5]])
})

t.test('members of the same groups get the same bytes', async (t) => {
  const { hub, publish } = newHub()
  const members = [new Recorder(), new Recorder()]
  for (const member of members) {
    hub.join(member, 'a')
    hub.join(member, 'b')
  }
  const alone = new Recorder()
  hub.join(alone, 'a')
  const message = publish('a', 1)
  publish('b', 2)
  await hub.boundary()
  const [first, second] = members.map(({ deliveries: [delivery] }) => delivery!)
  for (const format of ['websocket', 'event', 'event-chunked'] as const) {
    t.equal(first!.bytes(format), second!.bytes(format), format)
    t.equal(alone.deliveries[0]!.bytes(format), message.bytes(format), `${format}, one message alone`)
  }
})

t.test('a message is not sent to connections with its origin', async (t) => {
  const { hub, publish } = newHub()
  const members = [new Recorder('tab1'), new Recorder('tab2'), new Recorder()]
  for (const member of members) hub.join(member, 'a')
  publish('a', 1, { origin: 'tab1' })
  publish('a', 2)
  await hub.boundary()
  t.same(members.map(({ turns }) => turns), [[[2]], [[1, 2]], [[1, 2]]])
})

t.test('a volatile message passes by whoever is behind', async (t) => {
  const { hub, publish } = newHub()
  const [live, behind] = [new Recorder(), new Recorder()]
  behind.behind = true
  for (const member of [live, behind]) hub.join(member, 'a')
  publish('a', 1, { volatile: true })
  publish('a', 2)
  await hub.boundary()
  t.same(live.turns, [[1, 2]])
  t.same(behind.turns, [[2]])
})

t.test('a message for one connection keeps its place among the others', async (t) => {
  const { hub, publish } = newHub()
  const [member, other] = [new Recorder(), new Recorder()]
  for (const one of [member, other]) hub.join(one, 'a')
  publish('a', 1)
  hub.receiveFor(member, new Message(draft('@connection', 2, { volatile: true }), null))
  publish('a', 3)
  await hub.boundary()
  t.same(member.turns, [[1, 2, 3]])
  t.same(other.turns, [[1, 3]])
})

t.test('the position is that of the last kept message', async (t) => {
  const { hub, publish } = newHub()
  publish('nobody', 1)
  publish('nobody', 2)
  publish('nobody', 3, { volatile: true })
  t.equal(hub.position, '7-0')
  await hub.boundary()
  t.equal(hub.position, '7-2')
  publish('nobody', 4, { volatile: true })
  await hub.boundary()
  t.equal(hub.position, '7-2')
})

t.test('what waits for a boundary runs at once where nothing is under way', async (t) => {
  let ran = false
  newHub().hub.atBoundary(() => { ran = true })
  t.ok(ran)
})

t.test('a boundary comes after the last slice, in the order of asking', async (t) => {
  const { hub, publish } = newHub(2)
  const events: string[] = []
  for (const name of ['1', '2', '3', '4', '5']) {
    hub.join(new Recorder().onDelivery(() => {
      events.push(name)
      if (name === '1') hub.atBoundary(() => { events.push(`boundary at ${hub.position}`) })
    }), 'a')
  }
  publish('a', 1)
  hub.atBoundary(() => { events.push('asked first') })
  await hub.boundary()
  t.same(events, ['1', '2', '3', '4', '5', 'asked first', 'boundary at 7-1'])
})

t.test('other work gets a turn between two slices', async (t) => {
  const { hub, publish } = newHub(2)
  const events: string[] = []
  for (const name of ['1', '2', '3']) {
    hub.join(new Recorder().onDelivery(() => {
      events.push(name)
      if (name === '1') setImmediate(() => { events.push('other work') })
    }), 'a')
  }
  publish('a', 1)
  await hub.boundary()
  t.same(events, ['1', '2', 'other work', '3'])
})

t.test('what is published within a fan-out leaves after it, for everybody', async (t) => {
  const { hub, publish } = newHub(1)
  const events: string[] = []
  const member = (name: string): Recorder => {
    const recorder = new Recorder().onDelivery(() => {
      events.push(`${name} ${JSON.stringify(recorder.turns.at(-1))}`)
      if (events.length === 1) publish('a', 2)
    })
    return recorder
  }
  for (const name of ['first', 'last']) hub.join(member(name), 'a')
  publish('a', 1)
  await hub.boundary()
  t.same(events, ['first [1]', 'last [1]', 'first [2]', 'last [2]'])
})

t.test('boundary() waits for what was published within a fan-out too', async (t) => {
  const { hub, publish } = newHub(1)
  const [first, last] = [new Recorder(), new Recorder()]
  for (const member of [first, last]) hub.join(member, 'a')
  let done: Promise<void> | undefined
  first.onDelivery(() => {
    if (done !== undefined) return
    publish('a', 2)
    done = hub.boundary()
  })
  publish('a', 1)
  await new Promise<void>((resolve) => { hub.atBoundary(resolve) })
  await done
  t.same(last.turns, [[1], [2]])
})

t.test('one who joins at a boundary gets what comes after its position', async (t) => {
  const { hub, publish } = newHub()
  const late = new Recorder()
  hub.join(new Recorder(), 'a')
  publish('a', 1)
  hub.atBoundary(() => {
    hub.join(late, 'a')
    t.equal(hub.position, '7-1')
    publish('a', 2)
  })
  await hub.boundary()
  await hub.boundary()
  t.same(late.turns, [[2]])
})

t.test('one who left gets nothing more, and leaving twice is leaving', async (t) => {
  const { hub, publish } = newHub()
  const [member, other] = [new Recorder(), new Recorder()]
  const membership = hub.join(member, 'a')
  hub.join(other, 'a')
  hub.leave(membership)
  hub.leave(membership)
  publish('a', 1)
  await hub.boundary()
  t.same(member.turns, [])
  t.same(other.turns, [[1]])
  t.equal(hub.groupSize('a'), 1)
})

t.test('a group is there as long as somebody is in it', async (t) => {
  const { hub } = newHub()
  const membership = hub.join(new Recorder(), '__proto__')
  t.equal(hub.groupCount, 1)
  t.equal(hub.members('__proto__').length, 1)
  hub.leave(membership)
  t.equal(hub.groupCount, 0)
  t.same(hub.members('__proto__'), [])
  t.equal(hub.groupSize('__proto__'), 0)
})
