import t from 'tap'
import { callObserver } from '../../lib/protocol/callback.ts'

t.test('what an observer throws goes to the one who is told of failures', async (t) => {
  const failures: unknown[] = []
  callObserver(() => { throw new Error('thrown') }, (error) => { failures.push(error) })
  t.match(failures, [{ message: 'thrown' }])
})

t.test('so does what it rejects with', async (t) => {
  const error = await new Promise((resolve) => { callObserver(async () => { throw new Error('rejected') }, resolve) })
  t.match(error, { message: 'rejected' })
})

t.test('a query that runs only when it is awaited is run', async (t) => {
  await new Promise<void>((resolve) => {
    const query = { then (done: (rows: unknown) => void) { done([]); resolve() } }
    callObserver(() => query, () => t.fail('it worked'))
  })
})

t.test('one that breaks when it is awaited is a failure', async (t) => {
  const error = await new Promise((resolve) => { callObserver(() => ({ then () { throw new Error('broken') } }), resolve) })
  t.match(error, { message: 'broken' })
})
