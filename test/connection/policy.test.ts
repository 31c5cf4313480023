import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { Policy } from '../../lib/connection/policy.ts'
import type { CanJoin } from '../../types/options.ts'
import { MemoryNode } from './memory-node.ts'

const request = {} as FastifyRequest
const identity = { user: 'u', expiresAt: undefined, data: { role: 'x' } }

function newPolicy (hooks: { identify?: () => unknown, canJoin?: CanJoin }): { policy: Policy, counters: MemoryNode['context']['counters'] } {
  const { counters, log } = new MemoryNode().context
  const identify = hooks.identify as (() => string) | undefined
  return { counters, policy: new Policy({ identify: identify ?? (() => null), canJoin: hooks.canJoin ?? (() => true), timeout: 20, log, counters }) }
}

t.test('only true lets in', async (t) => {
  for (const answer of [true, 1, 'yes', {}, undefined, null, false, [true]]) {
    const { policy } = newPolicy({ canJoin: (() => answer) as CanJoin })
    t.equal(await policy.canJoin(identity, 'a'), answer === true, JSON.stringify(answer))
  }
})

t.test('a throw, a rejection and a hang refuse, and are counted', async (t) => {
  for (const canJoin of [() => { throw new Error('no') }, async () => { throw new Error('no') }, async () => await new Promise<boolean>(() => {})]) {
    const { policy, counters } = newPolicy({ canJoin })
    t.equal(await policy.canJoin(identity, 'a'), false)
    t.match(counters, { joinsRefused: 1, hookFailures: 1 })
  }
})

t.test('it is asked with who, where and what identify gave', async (t) => {
  const questions: unknown[] = []
  const { policy } = newPolicy({ canJoin: (question) => questions.push(question) > 0 })
  await policy.canJoin(identity, 'a', request)
  t.strictSame(questions, [{ user: 'u', group: 'a', data: { role: 'x' }, request }])
})

t.test('many groups are answered in their order, also where one is slow', async (t) => {
  const groups = Array.from({ length: 120 }, (_, i) => `g${i}`)
  let atOnce = 0
  let most = 0
  const { policy } = newPolicy({
    canJoin: async ({ group }) => {
      most = Math.max(most, ++atOnce)
      await new Promise((resolve) => { setImmediate(resolve) })
      atOnce--
      return Number(group.slice(1)) % 3 === 0
    }
  })
  t.same(await policy.canJoinEach(identity, groups, request, () => true), groups.map((_, i) => i % 3 === 0))
  t.ok(most < groups.length, 'they are asked some at a time')
})

t.test('nobody is asked about the rest once the answers are not wanted any more', async (t) => {
  let asked = 0
  const { policy } = newPolicy({ canJoin: () => ++asked > 0 })
  await policy.canJoinEach(identity, Array.from({ length: 120 }, (_, i) => `g${i}`), request, () => asked === 0)
  t.equal(asked, 50)
})

t.test('an identify that fails refuses, and says nothing of why', async (t) => {
  const { policy, counters } = newPolicy({ identify: () => { throw new Error('database password wrong') } })
  await t.rejects(policy.identify(request), { code: 'FST_REALTIME_UNAUTHENTICATED', message: /^(?!.*database)/ })
  t.equal(counters.hookFailures, 1)
})

t.test('an authentication plugin\'s own refusal is passed on, a failure of its is not', async (t) => {
  for (const { statusCode, code } of [{ statusCode: 403, code: 'THEIRS' }, { statusCode: 500, code: 'FST_REALTIME_UNAUTHENTICATED' }]) {
    const { policy, counters } = newPolicy({ identify: () => { throw Object.assign(new Error('no'), { code: 'THEIRS', statusCode }) } })
    await t.rejects(policy.identify(request), { code })
    t.equal(counters.hookFailures, statusCode === 403 ? 0 : 1, 'a refusal is no failure')
  }
})

t.test('an identify that hangs is a time-out', async (t) => {
  const { policy } = newPolicy({ identify: async () => await new Promise(() => {}) })
  await t.rejects(policy.identify(request), { code: 'FST_REALTIME_HOOK_TIMEOUT' })
})
