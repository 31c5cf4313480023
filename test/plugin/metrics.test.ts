import t from 'tap'
import type { Metrics } from '../../lib/index.ts'
import { connect, kinds } from './client.ts'
import { refused } from './refused.ts'
import { createRealtimeApp, serve } from './server.ts'

const nothing: Metrics = {
  connections: 0,
  connectionsSse: 0,
  connectionsWebSocket: 0,
  groups: 0,
  connectionsBehind: 0,
  published: 0,
  publishFailures: 0,
  delivered: 0,
  gaps: 0,
  handshakesRefused: 0,
  joinsRefused: 0,
  hookFailures: 0,
  malformed: 0,
  rateLimited: 0,
  closedSlow: 0,
  previousMissing: 0
}

t.test('everything begins at zero', async (t) => {
  const { app } = await createRealtimeApp(t)
  t.strictSame(app.realtime.metrics(), nothing)
})

t.test('connections and groups are as of now', async (t) => {
  const { app, url } = await serve(t, { identify: () => 'ann' })
  const { realtime } = app
  const sse = await connect(t, 'sse', url, { groups: ['public:a'] })
  await connect(t, 'ws', url, { groups: ['public:a', 'public:b'] })
  await connect(t, 'ws', url)
  t.strictSame(realtime.metrics(), { ...nothing, connections: 3, connectionsSse: 1, connectionsWebSocket: 2, groups: 4 })
  const gone = new Promise((resolve) => { realtime.onDisconnect(resolve) })
  sse.leave()
  await gone
  t.match(realtime.metrics(), { connections: 2, connectionsSse: 0, connectionsWebSocket: 2 })
})

for (const kind of kinds) {
  t.test(`over ${kind}`, async (t) => {
    t.test('published counts messages, delivered counts receivers', async (t) => {
      const { app, url } = await serve(t)
      const clients = [await connect(t, kind, url, { groups: ['public:a'] }), await connect(t, kind, url)]
      await app.realtime.toGroup(['public:a', 'public:empty']).send('hello', {})
      await app.realtime.broadcast().send('done', {})
      await Promise.all(clients.map(async (client) => await client.until('done')))
      t.match(app.realtime.metrics(), { published: 3, delivered: 3, publishFailures: 0 })
    })

    t.test('a presented cursor is a gap for each group', async (t) => {
      const { app, url } = await serve(t)
      const client = await connect(t, kind, url, { groups: ['public:a', 'public:b'], query: { after: '1-1' } })
      await client.command({ ref: 1, type: 'subscribe', group: 'public:c', after: '1-1' })
      await client.until('realtime:joined')
      t.equal(client.of('realtime:gap').length, 4)
      t.equal(app.realtime.metrics().gaps, 4)
    })

    t.test('refusals are counted', async (t) => {
      const { app, url } = await serve(t, { limits: { maxConnections: 1 } })
      await refused(kind, url, '?groups=a,b')
      await refused(kind, url, '?groups=not%20a%20name')
      await refused(kind, url, '', { origin: 'https://evil.example' })
      const client = await connect(t, kind, url)
      await refused(kind, url)
      await client.command({ ref: 1, type: 'subscribe', group: 'a' })
      t.match(app.realtime.metrics(), { handshakesRefused: 4, joinsRefused: 3, hookFailures: 0 })
    })

    t.test('malformed commands are counted', async (t) => {
      const { app, url } = await serve(t)
      const client = await connect(t, kind, url)
      await client.command({ ref: 1, type: 'unknown' })
      await client.command({ ref: 2, type: 'ping', more: 1 })
      t.equal(app.realtime.metrics().malformed, 2)
    })

    t.test('commands beyond the rate are counted', async (t) => {
      const { app, url } = await serve(t, { limits: { messagesPerSecond: 1 } })
      const client = await connect(t, kind, url)
      for (let ref = 0; ref < 2; ref++) await client.command({ ref, type: 'ping' })
      const limited = kind === 'ws' ? client.reply(null) : undefined
      client.command({ ref: 2, type: 'ping' }).catch(() => {})
      if (limited !== undefined) t.match(await limited, { error: { code: 'FST_REALTIME_TOO_MANY_MESSAGES' } })
      else t.match(await client.command({ ref: 3, type: 'ping' }), { code: 'FST_REALTIME_TOO_MANY_MESSAGES' })
      t.ok(app.realtime.metrics().rateLimited >= 1)
    })
  })
}
