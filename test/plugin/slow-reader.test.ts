import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { RealtimeOptions } from '../../lib/index.ts'
import { connect } from './client.ts'
import { sendRaw, socketRequest, streamRequest, type RawClient } from './raw-client.ts'
import { serve } from './server.ts'

const groups = '?groups=public:a,public:b,public:c'
const requests = { sse: streamRequest(groups), 'sse over HTTP/1.0': streamRequest(groups, '1.0'), ws: socketRequest(groups) }

/** How a line ends that was ended in good order: for a WebSocket with the code 4408. */
const ends: Record<string, string> = { sse: '\r\n0\r\n\r\n', 'sse over HTTP/1.0': '\n\n', ws: '\x88\x06\x11\x38slow' }

/** More than the kernel takes for one who does not read. */
const LARGE = 16_000_000

/** A client that has stopped reading, for whom more waits than may. */
async function stopReading (t: Test, request: string, options: RealtimeOptions = {}): Promise<{ app: FastifyInstance, url: string, client: RawClient }> {
  const { app, url } = await serve(t, { ...options, limits: { maxBufferedBytes: 10_000, maxEventBytes: LARGE + 2, ...options.limits } })
  const client = sendRaw(t, url, request)
  await client.until('realtime:open')
  client.socket.pause()
  await app.realtime.toGroup('public:a').send('large', 'x'.repeat(LARGE))
  while (app.realtime.metrics().connectionsBehind === 0) await new Promise(setImmediate)
  return { app, url, client }
}

/** The names of the events that were read, with the group of gaps. */
function eventsIn (text: string): string[] {
  return [...text.matchAll(/"event":"([^"]+)"(?:,"data":\{"group":"([^"]+)")?/g)].map(([, event, group]) => group === undefined ? event! : `${event} ${group}`)
}

for (const [what, request] of Object.entries(requests)) {
  t.test(`over ${what}`, async (t) => {
    t.test('one that reads on is told what it missed, and is live again', async (t) => {
      const { app, client } = await stopReading(t, request)
      await app.realtime.toGroup('public:a').send('missed', {})
      await app.realtime.toGroup('public:b').send('missed', {})
      await app.realtime.toGroup('public:b').send('missed', {})
      await app.realtime.toGroup('public:c').send('skipped', {}, { volatile: true })
      const { id } = await app.realtime.toGroup('public:none').send('elsewhere', {})
      client.socket.resume()
      await client.until('realtime:tick')
      await app.realtime.toGroup(['public:a', 'public:c']).send('live', {})
      await client.until('"group":"public:c","event":"live"')
      t.strictSame(eventsIn(client.text), ['realtime:open', 'large', 'realtime:gap public:a', 'realtime:gap public:b', 'realtime:tick', 'live', 'live'])
      t.match(client.text, '"data":{"group":"public:a","reason":"expired"}')
      t.match(client.text, `{"id":"${id}","event":"realtime:tick","data":{}}`)
      t.match(app.realtime.metrics(), { gaps: 2, connectionsBehind: 0, closedSlow: 0 })
    })

    t.test('one that missed nothing is told nothing', async (t) => {
      const { app, client } = await stopReading(t, request)
      await app.realtime.toGroup('public:c').send('skipped', {}, { volatile: true })
      client.socket.resume()
      while (app.realtime.metrics().connectionsBehind > 0) await new Promise(setImmediate)
      await app.realtime.toGroup('public:b').send('live', {})
      await client.until('"event":"live"')
      t.strictSame(eventsIn(client.text), ['realtime:open', 'large', 'live'])
    })

    t.test('nothing more is kept for it, and others get everything', async (t) => {
      const { app, url } = await stopReading(t, request)
      const other = await connect(t, 'ws', url, { groups: ['public:b'] })
      const { delivered } = app.realtime.metrics()
      for (let i = 0; i < 200; i++) app.realtime.toGroup('public:b').send('n', 'x'.repeat(10_000))
      await app.realtime.broadcast().send('done', {})
      await other.until('done')
      t.equal(app.realtime.metrics().delivered, delivered + 201)
      t.equal(other.of('n').length, 200)
    })

    t.test('what is sent to it alone is refused meanwhile', async (t) => {
      const { app } = await stopReading(t, request)
      const [{ id } = { id: '' }] = await app.realtime.connections()
      await t.rejects(app.realtime.toConnection(id).send('hello', {}), { code: 'FST_REALTIME_NOT_FOUND' })
    })

    t.test('a group that it has left meanwhile is no gap', async (t) => {
      const { app, client } = await stopReading(t, request)
      const [{ id } = { id: '' }] = await app.realtime.connections()
      await app.realtime.toGroup(['public:a', 'public:b']).send('missed', {})
      await app.realtime.revoke({ connection: id, group: 'public:b' })
      client.socket.resume()
      await client.until('realtime:tick')
      t.notOk(eventsIn(client.text).includes('realtime:gap public:b'))
      t.ok(eventsIn(client.text).includes('realtime:left public:b'))
    })

    t.test('one that takes nothing for maxLag is closed', async (t) => {
      const { app, client } = await stopReading(t, request, { heartbeat: 10, drainTimeout: 5_000, limits: { maxLag: 50 } })
      while (app.realtime.metrics().closedSlow === 0) await new Promise(setImmediate)
      client.socket.resume()
      await (what === 'ws' ? client.until(ends['ws']!) : client.ended)
      t.ok(client.text.endsWith(ends[what]!))
      t.match(app.realtime.metrics(), { closedSlow: 1 })
    })

    t.test('one that never reads on is cut', async (t) => {
      const { app } = await stopReading(t, request, { heartbeat: 10, drainTimeout: 50, limits: { maxLag: 50 } })
      await new Promise((resolve) => { app.realtime.onDisconnect(resolve) })
      t.match(app.realtime.metrics(), { closedSlow: 1, connections: 0, connectionsBehind: 0 })
    })
  })
}

t.test('a line that is merely full is not behind', async (t) => {
  const { app, url } = await serve(t, { limits: { maxBufferedBytes: LARGE * 2, maxEventBytes: LARGE + 2 } })
  const client = sendRaw(t, url, requests.sse)
  await client.until('realtime:open')
  client.socket.pause()
  await app.realtime.toGroup('public:a').send('large', 'x'.repeat(LARGE))
  await app.realtime.toGroup('public:a').send('next', {})
  client.socket.resume()
  await client.until('"event":"next"')
  t.strictSame(eventsIn(client.text), ['realtime:open', 'large', 'next'])
})

t.test('signs of life to one that is behind show no cursor', async (t) => {
  const { app, url, client } = await stopReading(t, requests.sse, { heartbeat: 10 })
  await app.realtime.toGroup('public:a').send('missed', {})
  const other = await connect(t, 'ws', url)
  const first = await other.until('realtime:tick')
  await other.until((message) => message.event === 'realtime:tick' && message !== first)
  client.socket.resume()
  await client.until('realtime:gap')
  const between = client.text.slice(client.text.indexOf('xx"}'), client.text.indexOf('realtime:gap'))
  t.match(between, /\r\n:keepalive\n\n\r\n/)
  t.notMatch(between, 'realtime:tick')
})
