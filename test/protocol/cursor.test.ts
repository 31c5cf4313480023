import fc from 'fast-check'
import t from 'tap'
import { comparePositions, covers, formatPosition, MAX_CURSOR_BYTES, meet, parseCursor, type Position } from '../../lib/protocol/cursor.ts'

const number = fc.oneof(fc.nat(3), fc.maxSafeNat()).filter((n) => n < 1e16)
const position: fc.Arbitrary<Position> = fc.record({ generation: number, counter: number }, { noNullPrototype: true })
const cursor = position.map(formatPosition)

t.test('a position is read as it was written', async (t) => {
  fc.assert(fc.property(position, (position) => {
    const read = parseCursor(formatPosition(position))
    return read?.generation === position.generation && read.counter === position.counter
  }))
  t.pass()
})

t.test('anything else is no cursor', async (t) => {
  for (const text of ['', '-', '1', '1-', '-1', '1-2-3', '01-1', '1-01', '+1-1', '1--1', ' 1-1', '1-1 ', '1-1\n', '1.0-1', '1e3-1', 'NaN-1', '0x1-1', '١-1', '{x}', '../', '1-9007199254740993', '99999999999999999-1', 'a'.repeat(8_192)]) {
    t.equal(parseCursor(text), undefined, JSON.stringify(text.slice(0, 20)))
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const read = parseCursor(text)
    return read === undefined || formatPosition(read) === text
  }))
})

t.test('the longest cursor fits', async (t) => {
  const longest = formatPosition({ generation: Number.MAX_SAFE_INTEGER, counter: Number.MAX_SAFE_INTEGER })
  t.same(parseCursor(longest), { generation: Number.MAX_SAFE_INTEGER, counter: Number.MAX_SAFE_INTEGER })
  t.ok(longest.length <= MAX_CURSOR_BYTES)
})

t.test('a later generation comes after every counter of an earlier one', async (t) => {
  t.ok(comparePositions({ generation: 2, counter: 0 }, { generation: 1, counter: 9 }) > 0)
  t.ok(covers('2-0', '1-9'))
  t.notOk(covers('1-9', '2-0'))
})

t.test('positions are compared as numbers', async (t) => {
  t.ok(covers('1-10', '1-9'))
  t.notOk(covers('1-9', '1-10'))
})

t.test('covers is a total order', async (t) => {
  fc.assert(fc.property(cursor, cursor, cursor, (a, b, c) => {
    const isReflexive = covers(a, a)
    const isTotal = covers(a, b) || covers(b, a)
    const isAntisymmetric = !(covers(a, b) && covers(b, a)) || a === b
    const isTransitive = !(covers(a, b) && covers(b, c)) || covers(a, c)
    return isReflexive && isTotal && isAntisymmetric && isTransitive
  }))
  t.pass()
})

t.test('what is malformed covers nothing and is covered by nothing', async (t) => {
  t.notOk(covers('x', '1-1'))
  t.notOk(covers('1-1', 'x'))
  t.notOk(covers('x', 'x'))
})

t.test('meet is the greatest lower bound', async (t) => {
  fc.assert(fc.property(cursor, cursor, cursor, (a, b, below) => {
    const met = meet(a, b)
    const isBelow = covers(a, met) && covers(b, met)
    const isGreatest = !(covers(a, below) && covers(b, below)) || covers(met, below)
    return isBelow && isGreatest
  }))
  t.pass()
})

t.test('meet knows neither order, grouping nor repetition', async (t) => {
  fc.assert(fc.property(cursor, cursor, cursor, (a, b, c) =>
    meet(a, b) === meet(b, a) && meet(a, meet(b, c)) === meet(meet(a, b), c) && meet(a, a) === a))
  t.pass()
})
