import t from 'tap'
import fc from 'fast-check'
import { isEventName, isGroupName, isOriginTag, isUserId, quoted, userGroup } from '../../lib/protocol/names.ts'

const strange = ['', ' ', 'a b', 'a,b', 'a*', 'a?b', 'a#b', 'a%2Fb', 'a\\b', 'a"b', '{p0}', 'a\n', '\na', 'a\0b', 'á', 'a\u0301', 'ａ', 'a\u200b', '\u202ea', '\ud800', '🙂']
const noStrings = [undefined, null, 1, true, ['a'], { toString: () => 'a' }]

t.test('group names', async (t) => {
  for (const name of ['a', 'public:lobby', 'post:1/comments', 'a.b-c_d~e+f=g', 'a@b', '__proto__', 'constructor', 'A', 'a'.repeat(200)]) {
    t.ok(isGroupName(name), `${quoted(name)} is one`)
  }
  for (const name of [...strange, '@all', '@user:1', '@', 'a'.repeat(201), ...noStrings]) {
    t.notOk(isGroupName(name), `${quoted(name)} is none`)
  }
})

t.test('event names', async (t) => {
  for (const name of ['message', 'chat:say', 'a.b/c-d_e', 'gapless', 'opened', 'Realtime:x', 'presences', 'a'.repeat(100)]) {
    t.ok(isEventName(name), `${quoted(name)} is one`)
  }
  for (const name of [...strange, 'gap', 'open', 'error', 'realtime:tick', 'realtime:', 'presence:join', 'a@b', 'a+b', 'a'.repeat(101), ...noStrings]) {
    t.notOk(isEventName(name), `${quoted(name)} is none`)
  }
})

t.test('origin tags', async (t) => {
  for (const tag of ['a', 'tab-1_X', 'a'.repeat(64)]) t.ok(isOriginTag(tag), `${quoted(tag)} is one`)
  for (const tag of [...strange, 'a.b', 'a:b', 'a'.repeat(65), ...noStrings]) t.notOk(isOriginTag(tag), `${quoted(tag)} is none`)
})

t.test('user ids', async (t) => {
  for (const id of ['1', 'jo@example.org', 'a b', 'á', '@all', 'a,b', '🙂'.repeat(100), 'a'.repeat(200)]) t.ok(isUserId(id), `${quoted(id)} is one`)
  for (const id of ['', 'a\n', 'a\0', '\x7f', '\x9f', '\ud800', 'a\udc00', '\udc00\ud800', 'a'.repeat(201), ...noStrings]) t.notOk(isUserId(id), `${quoted(id)} is none`)
})

t.test('no string is a group name and the group of a user', async (t) => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (id) => !isGroupName(userGroup(id))))
  t.pass()
})

t.test('a quoted value is one short line, whatever it is', async (t) => {
  const loop: Record<string, unknown> = {}
  loop['loop'] = loop
  fc.assert(fc.property(fc.anything(), (value) => {
    const text = quoted(value)
    return text.length <= 81 && !/[\r\n]/.test(text)
  }))
  t.equal(quoted(loop), 'object')
  t.equal(quoted('a"\n'), '"a\\"\\n"')
  t.equal(quoted(1n), 'bigint')
})
