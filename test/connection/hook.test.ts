import { mock } from 'node:test'
import t from 'tap'
import { callHook } from '../../lib/connection/hook.ts'

t.test('a hook may answer at once or later', async (t) => {
  t.equal(await callHook('canJoin', 1_000, () => 1), 1)
  t.equal(await callHook('canJoin', 1_000, async () => 2), 2)
})

t.test('what it throws or rejects with, it rejects with', async (t) => {
  const error = new Error('no')
  await t.rejects(callHook('canJoin', 1_000, () => { throw error }), error)
  await t.rejects(callHook('canJoin', 1_000, async () => { throw error }), error)
})

t.test('a hang rejects after the time-out, and names the hook', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })
  const call = t.rejects(callHook('canJoin', 1_000, async () => await new Promise(() => {})), { code: 'FST_REALTIME_HOOK_TIMEOUT', message: /canJoin/ })
  mock.timers.tick(1_000)
  await call
})
