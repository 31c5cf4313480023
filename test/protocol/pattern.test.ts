import fc from 'fast-check'
import t from 'tap'
import { groupMatcher } from '../../lib/protocol/pattern.ts'

const name = fc.string({ unit: fc.constantFrom('a', 'b', ':', '.', '+', '-', '/', '@', '~', '=', '_') })

t.test('a star stands for any run of characters, also for none', async (t) => {
  const matches = groupMatcher('room:*:chat')
  t.ok(matches('room:1:chat'))
  t.ok(matches('room::chat'))
  t.ok(matches('room:1:chat:chat'))
  t.notOk(matches('room:1:chat:x'))
  t.notOk(matches('a:room:1:chat'))
  t.notOk(matches('room:chat'))
})

t.test('a star alone matches every group', async (t) => {
  t.ok(groupMatcher('*')('anything:at/all'))
})

t.test('without a star only the name itself fits', async (t) => {
  fc.assert(fc.property(name, name, (pattern, group) => groupMatcher(pattern)(pattern) && groupMatcher(pattern)(group) === (pattern === group)))
  t.pass()
})

t.test('what is around a star stands for itself', async (t) => {
  fc.assert(fc.property(name, name, name, (before, after, group) => {
    const matches = groupMatcher(`${before}*${after}`)
    const fits = group.length >= before.length + after.length && group.startsWith(before) && group.endsWith(after)
    return matches(`${before}${group}${after}`) && matches(group) === fits
  }))
  for (const character of '\\^$.|?+()[]{}') t.notOk(groupMatcher(`a${character}*`)('ab'), character)
})
