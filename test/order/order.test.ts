import { mock } from 'node:test'
import fc from 'fast-check'
import t from 'tap'
import { Hub } from '../../lib/hub/hub.ts'
import type { NodeParts } from '../connection/memory-node.ts'
import { broken } from './broken.ts'
import { run } from './run.ts'
import { crowds, schedules } from './schedule.ts'

mock.timers.enable({ apis: ['setInterval'] })
t.teardown(() => { mock.timers.reset() })

const sound = (slice: number | undefined): NodeParts => ({ newHub: ({ position }) => new Hub(position, slice) })

t.test('what each connection got is always a prefix in position order', async (t) => {
  await fc.assert(fc.asyncProperty(schedules, async (schedule) => { await run(schedule, sound) }), { numRuns: 3_000 })
  t.pass()
})

t.test('so it is where a fan-out takes several turns', async (t) => {
  await fc.assert(fc.asyncProperty(crowds(2_500), async (schedule) => { await run(schedule, sound) }), { numRuns: 3, endOnFailure: true })
  t.pass()
})

t.test('the property finds', async (t) => {
  for (const [fault, newParts] of Object.entries(broken)) {
    t.test(fault, async (t) => {
      const { failed, numRuns } = await fc.check(fc.asyncProperty(schedules, async (schedule) => { await run(schedule, newParts) }), { numRuns: 1_000, seed: 1, endOnFailure: true })
      t.ok(failed, `in ${numRuns} runs`)
    })
  }
})
