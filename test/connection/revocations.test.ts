import t from 'tap'
import { Revocations, type Revoked } from '../../lib/connection/revocations.ts'

/** What a claim of user u, connection c, for group g says to a revocation of `revoked`. */
function isHit (revoked: Revoked): boolean {
  const revocations = new Revocations()
  const claim = revocations.claim()
  revocations.note(revoked)
  return claim.revoked('u', 'c', 'g')
}

t.test('a revocation hits what all its names have in common', async (t) => {
  for (const revoked of [{ user: 'u' }, { group: 'g' }, { connection: 'c' }, { user: 'u', group: 'g' }, { user: 'u', group: 'g', connection: 'c' }]) {
    t.ok(isHit(revoked), JSON.stringify(revoked))
  }
  for (const revoked of [{ user: 'v' }, { group: 'h' }, { connection: 'd' }, { user: 'u', group: 'h' }, { user: 'v', group: 'g' }, { user: 'u', group: 'g', connection: 'd' }]) {
    t.notOk(isHit(revoked), JSON.stringify(revoked))
  }
})

t.test('names are compared one by one, never joined', async (t) => {
  const revocations = new Revocations()
  const claim = revocations.claim()
  revocations.note({ user: 'a', group: 'b_c' })
  t.notOk(claim.revoked('a_b', 'x', 'c'))
  t.ok(claim.revoked('a', 'x', 'b_c'))
})

t.test('without a group only a revocation of everything hits', async (t) => {
  const revocations = new Revocations()
  const claim = revocations.claim()
  revocations.note({ user: 'u', group: 'g' })
  t.notOk(claim.revoked('u', 'c', undefined))
  revocations.note({ user: 'u' })
  t.ok(claim.revoked('u', 'c', undefined))
})

t.test('a revocation of a user misses the anonymous', async (t) => {
  const revocations = new Revocations()
  const claim = revocations.claim()
  revocations.note({ user: 'null' })
  t.notOk(claim.revoked(null, 'c', 'g'))
})

t.test('a claim taken afterwards is not hit', async (t) => {
  const revocations = new Revocations()
  const early = revocations.claim()
  revocations.note({ user: 'u' })
  const late = revocations.claim()
  t.ok(early.revoked('u', 'c', 'g'))
  t.notOk(late.revoked('u', 'c', 'g'))
})

t.test('a claim sees every revocation until it is released, whoever else is', async (t) => {
  const revocations = new Revocations()
  const claim = revocations.claim()
  revocations.note({ group: 'g' })
  const other = revocations.claim()
  other.release()
  other.release()
  t.ok(claim.revoked('u', 'c', 'g'))
})

t.test('nothing is remembered once every claim is released', async (t) => {
  const revocations = new Revocations()
  const claim = revocations.claim()
  revocations.note({ group: 'g' })
  claim.release()
  t.notOk(claim.revoked('u', 'c', 'g'))
})

t.test('what came before the oldest claim is forgotten, also while there is always another', async (t) => {
  const revocations = new Revocations()
  const first = revocations.claim()
  revocations.note({ user: 'u' })
  const second = revocations.claim()
  revocations.note({ group: 'g' })
  const third = revocations.claim()
  first.release()
  t.notOk(first.revoked('u', 'c', 'h'))
  t.ok(second.revoked('u', 'c', 'g'))
  third.release()
  t.ok(second.revoked('u', 'c', 'g'))
})
