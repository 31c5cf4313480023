import fc from 'fast-check'
import t from 'tap'
import { ANONYMOUS, toIdentity } from '../../lib/connection/identity.ts'

const refused = { code: 'FST_REALTIME_UNAUTHENTICATED' }

t.test('nobody is anonymous', async (t) => {
  t.equal(toIdentity(null), ANONYMOUS)
  t.equal(toIdentity(undefined), ANONYMOUS)
})

t.test('an id is rendered as a string', async (t) => {
  for (const [id, user] of [['u', 'u'], [42, '42'], [0, '0'], [-1, '-1'], [2n ** 64n, '18446744073709551616']] as const) {
    t.strictSame(toIdentity(id), { user, expiresAt: undefined, data: undefined })
    t.strictSame(toIdentity({ id }), { user, expiresAt: undefined, data: undefined })
  }
})

t.test('an expiry is a Date or milliseconds', async (t) => {
  const later = Date.now() + 60_000
  t.equal(toIdentity({ id: 1, expiresAt: new Date(later) }).expiresAt, later)
  t.equal(toIdentity({ id: 1, expiresAt: later }).expiresAt, later)
  t.throws(() => toIdentity({ id: 1, expiresAt: Date.now() }), refused, 'not one that has come')
})

t.test('data is kept as it is, up to 4 KiB as JSON', async (t) => {
  const data = { role: 'x'.repeat(4_096 - '{"role":""}'.length) }
  t.equal(toIdentity({ id: 1, data }).data, data)
  t.throws(() => toIdentity({ id: 1, data: { role: `${data.role}x` } }), refused)
  t.throws(() => toIdentity({ id: 1, data: 'é'.repeat(2_048) }), refused)
})

t.test('what is no clear identity refuses', async (t) => {
  const loop: Record<string, unknown> = {}
  loop['loop'] = loop
  for (const result of [
    '', 'a\n', '\ud800', 'x'.repeat(201), NaN, Infinity, true, false, Symbol('u'), () => 'u', {}, [], new Date(),
    { id: null }, { id: '' }, { id: NaN }, { id: true }, { id: { id: 1 } }, { user: 'u' },
    { id: 1, expiresAt: null }, { id: 1, expiresAt: '2030-01-01' }, { id: 1, expiresAt: NaN }, { id: 1, expiresAt: new Date('x') },
    { id: 1, data: loop }, { id: 1, data: 1n }, { id: 1, data: () => {} }
  ]) {
    t.throws(() => toIdentity(result), refused)
  }
})

t.test('nothing that identify returns throws anything else, and nobody is let in without an id', async (t) => {
  fc.assert(fc.property(fc.anything(), (result) => {
    try {
      return toIdentity(result).user !== null || result === null || result === undefined
    } catch (error) {
      return (error as { code?: unknown }).code === refused.code
    }
  }))
  t.pass()
})
