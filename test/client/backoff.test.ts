import fc from 'fast-check'
import t from 'tap'
import { retryDelay } from '../../lib/client/backoff.ts'

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

t.test('the first repetition comes within half a second', async (t) => {
  t.equal(retryDelay(0, 0), 0)
  t.equal(retryDelay(0, 0.999), 499.5)
})

t.test('the limit doubles up to 30 seconds', async (t) => {
  t.same([1, 2, 3, 4, 5, 6, 7].map((n) => retryDelay(n, 0.5)), [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
})

t.test('no number of failures takes it out of bounds', async (t) => {
  fc.assert(fc.property(fc.nat(), chance, (n, random) => {
    const delay = retryDelay(n, random)
    return delay >= 0 && delay < 30_000
  }))
  t.pass()
})

t.test('what the server chose is a floor under the jitter', async (t) => {
  fc.assert(fc.property(fc.nat(20), chance, fc.nat(3_600_000), (n, random, floor) =>
    retryDelay(n, random, floor) === floor + retryDelay(n, random)))
  t.pass()
})

t.test('of a floor no more than an hour is honoured, and nothing below zero', async (t) => {
  t.equal(retryDelay(0, 0, 1e12), 3_600_000)
  t.equal(retryDelay(0, 0, -5), 0)
})
