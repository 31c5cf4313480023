import websocket from '@fastify/websocket'
import t, { type Test } from 'tap'
import realtime, { type RealtimeConnection, type RealtimeOptions, type UpgradeOptions } from '../../lib/index.ts'
import { connect, dial, type ClientOptions, type SocketClient } from './client.ts'
import { createGate, hang } from './gate.ts'
import { createApp, listen, type App } from './server.ts'

const path = '/rooms/1/socket'

interface Served extends App {
  url: string
  /** What `upgrade` came to, in order. */
  outcomes: Array<Promise<RealtimeConnection>>
}

/** An app with a WebSocket route of its own that hands its sockets over. */
async function serveSocket (t: Test, upgrade: UpgradeOptions, options: RealtimeOptions = {}): Promise<Served> {
  const created = createApp(t)
  const { app } = created
  await app.register(websocket)
  await app.register(realtime, { drainTimeout: 200, reconnectSpread: 0, ...options })
  const outcomes: Array<Promise<RealtimeConnection>> = []
  app.get(path, { websocket: true }, (socket, request) => {
    const outcome = app.realtime.upgrade(socket, request, upgrade)
    outcome.catch(() => {})
    outcomes.push(outcome)
  })
  return { ...created, outcomes, url: await listen(app) }
}

async function connectSocket (t: Test, url: string, options: ClientOptions = {}): Promise<SocketClient> {
  return await connect(t, 'ws', url, { path, ...options }) as SocketClient
}

t.test('the server chooses the groups, and canJoin is not asked', async (t) => {
  const { app, url, outcomes } = await serveSocket(t, { groups: ['room:1', 'room:1'] }, { identify: () => 'ann', canJoin: () => { throw new Error('asked') } })
  const client = await connectSocket(t, url, { groups: ['other'] })
  t.match(await client.until('realtime:open'), { data: { user: 'ann', groups: ['room:1'] } })
  await app.realtime.toGroup('room:1').send('hello', {})
  await client.until('hello')
  t.match(await outcomes[0], { id: client.connection, user: 'ann', transport: 'ws', groups: ['room:1'] })
})

t.test('text frames go to onMessage, with the connection', async (t) => {
  const { url } = await serveSocket(t, {
    onMessage: async (text, connection) => { await connection.send('echo', { text, id: connection.id }) }
  })
  const client = await connectSocket(t, url)
  client.send('hello')
  t.strictSame((await client.until('echo')).data, { text: 'hello', id: client.connection })
})

t.test('what the client sends before it is let in is not lost', async (t) => {
  const gate = createGate<string>()
  const { url } = await serveSocket(t, { onMessage: (text, connection) => connection.send('echo', text) }, { identify: () => gate.hold() })
  const client = dial(t, 'ws', url, { path }) as SocketClient
  await client.opened
  client.send('early')
  await gate.held
  gate.open('ann')
  t.equal((await client.until('echo')).data, 'early')
  t.match(client.messages, [{ event: 'realtime:open' }, { event: 'echo' }])
})

t.test('binary frames are dropped', async (t) => {
  const { url } = await serveSocket(t, { onMessage: async (text, connection) => { await connection.send('echo', text) } })
  const client = await connectSocket(t, url)
  client.send(Buffer.from([1, 2]))
  client.send('hello')
  await client.until('echo')
  t.same(client.messages.map(({ event }) => event), ['realtime:open', 'echo'])
})

t.test('a throwing or rejecting onMessage is logged, and the connection lives on', async (t) => {
  const { app, url, warnings } = await serveSocket(t, {
    onMessage: (text, connection) => {
      if (text === 'throw') throw new Error('no')
      return text === 'reject' ? Promise.reject(new Error('no')) : connection.send('echo', text)
    }
  })
  const client = await connectSocket(t, url)
  for (const text of ['throw', 'reject', 'hello']) client.send(text)
  await client.until('echo')
  t.equal(app.realtime.metrics().hookFailures, 2)
  t.match(warnings(), [{ hook: 'onMessage' }, { hook: 'onMessage' }])
})

t.test('onClose is called once, whoever closes', async (t) => {
  for (const who of ['client', 'server', 'revocation']) {
    let closed: (connection: RealtimeConnection) => void = () => {}
    const closing = new Promise<RealtimeConnection>((resolve) => { closed = resolve })
    let count = 0
    const { app, url, outcomes } = await serveSocket(t, {
      onClose: (connection) => {
        count++
        closed(connection)
      }
    })
    const client = await connectSocket(t, url)
    if (who === 'client') client.leave()
    else if (who === 'server') (await outcomes[0])!.close()
    else await app.realtime.revoke({ connection: client.connection })
    t.equal((await closing).id, client.connection)
    await client.ended
    t.equal(count, 1, who)
  }
})

t.test('a throwing onClose is logged', async (t) => {
  const { app, url, warnings } = await serveSocket(t, { onClose: () => { throw new Error('no') } })
  const client = await connectSocket(t, url)
  const gone = new Promise((resolve) => { app.realtime.onDisconnect(resolve) })
  client.leave()
  await gone
  await new Promise(setImmediate)
  t.match(warnings(), [{ hook: 'onClose' }])
})

t.test('commands are off, unless they are allowed', async (t) => {
  const off = await connectSocket(t, (await serveSocket(t, { onMessage: (text, connection) => connection.send('echo', text) })).url)
  off.send('{"ref":1,"type":"ping"}')
  t.equal((await off.until('echo')).data, '{"ref":1,"type":"ping"}')
  const on = await connectSocket(t, (await serveSocket(t, { commands: true, onMessage: () => { t.fail('asked') } })).url)
  t.match(await on.command({ ref: 1, type: 'ping' }), { ref: 1, ok: true })
})

t.test('what refuses closes with its code, and rejects', async (t) => {
  const cases: Array<[RealtimeOptions, UpgradeOptions, ClientOptions, number, string, string]> = [
    [{}, {}, { headers: { origin: 'https://evil.example' } }, 4403, 'forbidden', 'FST_REALTIME_FOREIGN_ORIGIN'],
    [{ identify: () => '' }, {}, {}, 4401, 'unauthenticated', 'FST_REALTIME_UNAUTHENTICATED'],
    [{ identify: hang, limits: { hookTimeout: 20 } }, {}, {}, 4503, 'over-capacity', 'FST_REALTIME_HOOK_TIMEOUT'],
    [{}, { groups: ['@all'] }, {}, 4403, 'forbidden', 'FST_REALTIME_BAD_GROUP']
  ]
  for (const [options, upgrade, client, code, reason, error] of cases) {
    const { app, url, outcomes } = await serveSocket(t, upgrade, options)
    t.strictSame(await dial(t, 'ws', url, { path, ...client }).ended, { code, reason })
    await t.rejects(outcomes[0]!, { code: error })
    t.equal(app.realtime.connectionCount, 0)
  }
})

t.test('limits apply', async (t) => {
  const { url } = await serveSocket(t, {}, { limits: { maxConnections: 1, maxMessageBytes: 100 } })
  const first = await connectSocket(t, url)
  t.strictSame(await dial(t, 'ws', url, { path }).ended, { code: 4503, reason: 'over-capacity' })
  first.send('x'.repeat(101))
  t.match(await first.ended, { code: 1009 })
})

t.test('a socket that has gone by the time it is identified leaves nothing behind', async (t) => {
  const gate = createGate<string>()
  const closed: string[] = []
  const { app, url, outcomes } = await serveSocket(t, { groups: ['a'], onClose: ({ id }) => { closed.push(id) } }, { identify: () => gate.hold() })
  const client = dial(t, 'ws', url, { path })
  await client.opened
  await gate.held
  const gone = new Promise((resolve) => { app.websocketServer.clients.values().next().value?.once('close', resolve) })
  client.leave()
  gate.open('ann')
  await gone
  const { id } = (await outcomes[0])!
  await new Promise(setImmediate)
  t.strictSame(closed, [id])
  t.match(app.realtime.metrics(), { connections: 0, groups: 0 })
})
