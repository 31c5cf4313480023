import t, { type Test } from 'tap'
import { connect, kinds } from './client.ts'
import { serve } from './server.ts'

/** From now on it is `milliseconds` later than it is. */
function passTime (t: Test, milliseconds: number): void {
  const { now } = Date
  Date.now = () => now() + milliseconds
  t.teardown(() => { Date.now = now })
}

t.test('one that has expired is not let in', async (t) => {
  const { url } = await serve(t, { identify: () => ({ id: 1, expiresAt: Date.now() }) })
  const response = await fetch(`${url}/realtime/sse`)
  t.equal(response.status, 401)
  t.match(await response.json(), { code: 'FST_REALTIME_UNAUTHENTICATED', message: 'not signed in: the identity has expired' })
})

for (const kind of kinds) {
  t.test(`over ${kind}`, async (t) => {
    t.test('an identity that expires soon is asked to renew, once, and lives on', async (t) => {
      const { url } = await serve(t, { heartbeat: 10, identify: () => ({ id: 1, expiresAt: Date.now() + 29_000 }) })
      const client = await connect(t, kind, url)
      const { data } = await client.until('realtime:expiring')
      t.ok(data.in > 0 && data.in <= 29_000)
      await client.until('realtime:tick')
      t.equal(client.of('realtime:expiring').length, 1)
      t.strictSame(client.of('realtime:close'), [])
    })

    t.test('one that has expired has 25 seconds left', async (t) => {
      const { url } = await serve(t, { heartbeat: 10, identify: () => ({ id: 1, expiresAt: new Date(Date.now() + 60_000) }) })
      const client = await connect(t, kind, url)
      passTime(t, 61_000)
      t.strictSame((await client.until('realtime:expiring')).data, { in: 0 })
      await client.until('realtime:tick')
      t.strictSame(client.of('realtime:close'), [])
    })

    t.test('after that it is closed, and may come back', async (t) => {
      const { app, url } = await serve(t, { heartbeat: 10, identify: () => ({ id: 1, expiresAt: Date.now() + 60_000 }) })
      const gone = new Promise((resolve) => { app.realtime.onDisconnect(resolve) })
      const client = await connect(t, kind, url)
      passTime(t, 85_000)
      t.equal((await client.ended).code, kind === 'ws' ? 4401 : undefined)
      t.match(client.messages.at(-1), { event: 'realtime:close', data: { reason: 'expired', retry: true } })
      await gone
      t.equal(app.realtime.connectionCount, 0)
    })

    t.test('one that expires later, or never, is left alone', async (t) => {
      const times = [undefined, Date.now() + 31_000]
      const { url } = await serve(t, { heartbeat: 10, identify: () => ({ id: 1, expiresAt: times.pop() }) as { id: number } })
      const clients = [await connect(t, kind, url), await connect(t, kind, url)]
      for (const client of clients) {
        await client.until('realtime:tick')
        t.strictSame(client.of('realtime:expiring'), [])
      }
    })

    t.test('renewing in place is refused', async (t) => {
      const { url } = await serve(t)
      const client = await connect(t, kind, url)
      t.match(await client.command({ ref: 1, type: 'renew', token: 'new' }), { ok: false, error: { code: 'FST_REALTIME_FORBIDDEN' } })
    })
  })
}
