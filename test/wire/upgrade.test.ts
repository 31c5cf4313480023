import t from 'tap'
import { startApp } from './app.ts'
import { knock } from './doors.ts'
import { openSocket } from './socket.ts'

const good = ['host: localhost', 'connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==']
const without = (name: string): string[] => good.filter((header) => !header.startsWith(name))

/** Upgrades that cannot be, and the status each is answered with; where versions of Node differ, one of several. */
const bad: Record<string, { headers: string[], method?: string, target?: string, status: number | number[] }> = {
  'no upgrade at all': { headers: ['host: localhost'], status: 426 },
  'no Connection header': { headers: without('connection'), status: 426 },
  'no key': { headers: without('sec-websocket-key'), status: 400 },
  'a key that is none': { headers: [...without('sec-websocket-key'), 'sec-websocket-key: abc'], status: 400 },
  'no version': { headers: without('sec-websocket-version'), status: 400 },
  'version 12': { headers: [...without('sec-websocket-version'), 'sec-websocket-version: 12'], status: 400 },
  'another protocol': { headers: [...without('upgrade'), 'upgrade: h2c'], status: 400 },
  'another method': { headers: good, method: 'POST', status: 404 },
  'another route of the plugin': { headers: good, target: '/realtime/nothing', status: 404 },
  'so many headers that those for the upgrade are not read': { headers: ['host: localhost', ...Array.from({ length: 2_000 }, () => 'a: 1'), ...good.slice(1)], status: [400, 431] }
}

t.test('an upgrade that cannot be is answered, and takes up no room', async (t) => {
  const { app, port, url } = await startApp(t, { realtime: { limits: { maxConnections: 1 } } })
  for (const [name, { headers, method, target = '/realtime/ws', status }] of Object.entries(bad)) {
    const answer = await knock(t, port, target, headers, method)
    t.ok([status].flat().includes(answer.status), `${name}: ${answer.status}`)
    const { ws } = await openSocket(t, `${url}/realtime/ws`)
    const gone = new Promise((resolve) => app.realtime.onDisconnect(resolve))
    ws.terminate()
    await gone
  }
})

t.test('an upgrade of the stream\'s route opens nothing', async (t) => {
  const { app, port } = await startApp(t)
  await knock(t, port, '/realtime/sse', good)
  t.equal(app.realtime.connectionCount, 0)
})

t.test('the answer to what is no upgrade says what would be', async (t) => {
  const { port } = await startApp(t)
  const { head, body } = await knock(t, port, '/realtime/ws', ['host: localhost'])
  t.match(head, /^upgrade: websocket$/mi)
  t.match(JSON.parse(body), { statusCode: 426, code: 'FST_REALTIME_UPGRADE_REQUIRED' })
})
