import fc from 'fast-check'
import t from 'tap'
import { Bucket } from '../../lib/connection/bucket.ts'

t.test('it gives twice its rate at once, and then its rate', async (t) => {
  const bucket = new Bucket(10, 0)
  t.equal(bucket.take(20, 0), 'taken')
  t.equal(bucket.take(1, 0), 'refused')
  t.equal(bucket.take(1, 200), 'taken')
  t.equal(bucket.take(1, 200), 'refused')
})

t.test('it holds no more than a burst, however long nobody took', async (t) => {
  const bucket = new Bucket(10, 0)
  t.equal(bucket.take(20, 3_600_000), 'taken')
  t.equal(bucket.take(1, 3_600_000), 'refused')
})

t.test('one who goes on while refused is flooding', async (t) => {
  const bucket = new Bucket(10, 0)
  bucket.take(20, 0)
  for (let i = 0; i < 20; i++) t.equal(bucket.take(1, 0), 'refused')
  t.equal(bucket.take(1, 0), 'flooding')
})

t.test('debt ends: after a burst\'s time one token is there again', async (t) => {
  const bucket = new Bucket(10, 0)
  for (let i = 0; i < 1_000; i++) bucket.take(1, 0)
  t.equal(bucket.take(1, 2_000), 'refused')
  t.equal(bucket.take(1, 2_200), 'taken')
})

t.test('a clock that is set back costs nothing', async (t) => {
  const bucket = new Bucket(10, 3_600_000)
  t.equal(bucket.take(1, 0), 'taken')
  t.equal(bucket.take(19, 0), 'taken')
  t.equal(bucket.take(1, 100), 'taken')
})

t.test('in no time does it give more than a burst and its rate', async (t) => {
  const takes = fc.array(fc.record({ count: fc.integer({ min: 1, max: 5 }), wait: fc.nat(300) }), { maxLength: 100, size: 'max' })
  fc.assert(fc.property(fc.integer({ min: 1, max: 50 }), takes, (rate, takes) => {
    const bucket = new Bucket(rate, 0)
    let now = 0
    let taken = 0
    for (const { count, wait } of takes) {
      now += wait
      if (bucket.take(count, now) === 'taken') taken += count
    }
    return taken <= 2 * rate + now * rate / 1_000 + 1e-6
  }))
  t.pass()
})
