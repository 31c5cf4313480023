import { mock } from 'node:test'
import t from 'tap'
import { Goodbyes } from '../../lib/connection/goodbyes.ts'
import type { Connection } from '../../lib/connection/connection.ts'

t.beforeEach(() => { mock.timers.enable({ apis: ['setTimeout', 'Date'] }) })
t.afterEach(() => { mock.timers.reset() })

/** A connection that counts how often it was cut. */
function leaving (): { connection: Connection, cuts: () => number } {
  let cuts = 0
  return { connection: { transport: { destroy: () => { cuts++ } } } as unknown as Connection, cuts: () => cuts }
}

t.test('whoever takes longer than the time-out is cut', async (t) => {
  const goodbyes = new Goodbyes(1_000)
  const [early, late] = [leaving(), leaving()]
  goodbyes.add(early.connection)
  mock.timers.tick(600)
  goodbyes.add(late.connection)
  mock.timers.tick(399)
  t.same([early.cuts(), late.cuts()], [0, 0])
  mock.timers.tick(1)
  t.same([early.cuts(), late.cuts()], [1, 0])
  goodbyes.done(early.connection)
  mock.timers.tick(600)
  t.same([early.cuts(), late.cuts()], [1, 1])
})

t.test('whoever is gone in time is not cut', async (t) => {
  const goodbyes = new Goodbyes(1_000)
  const { connection, cuts } = leaving()
  goodbyes.add(connection)
  goodbyes.done(connection)
  mock.timers.tick(5_000)
  t.equal(cuts(), 0)
})

t.test('it is over when the last one is gone', async (t) => {
  const goodbyes = new Goodbyes(1_000)
  const [first, second, stranger] = [leaving(), leaving(), leaving()]
  await goodbyes.all()
  goodbyes.add(first.connection)
  goodbyes.add(second.connection)
  let isOver = false
  const all = goodbyes.all().then(() => { isOver = true })
  goodbyes.done(stranger.connection)
  goodbyes.done(first.connection)
  await Promise.resolve()
  t.notOk(isOver)
  goodbyes.done(second.connection)
  await all
})

t.test('all can be cut at once', async (t) => {
  const goodbyes = new Goodbyes(1_000)
  const both = [leaving(), leaving()]
  for (const { connection } of both) goodbyes.add(connection)
  goodbyes.cut()
  t.same(both.map(({ cuts }) => cuts()), [1, 1])
  for (const { connection } of both) goodbyes.done(connection)
})

t.test('no timer outlives the last one', async (t) => {
  mock.timers.reset()
  const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
  const before = timers()
  const goodbyes = new Goodbyes(60_000)
  const { connection } = leaving()
  goodbyes.add(connection)
  t.equal(timers(), before + 1)
  goodbyes.done(connection)
  t.equal(timers(), before)
})
