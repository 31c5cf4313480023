import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import t, { type Test } from 'tap'
import WebSocket from 'ws'
import { startApp, type App } from './app.ts'
import { Inbox } from './inbox.ts'
import { startNginx } from './nginx.ts'
import { refusedSocket } from './socket.ts'
import { get, openStream, readStream, textOf } from './stream.ts'

/** nginx as it comes, in front of the app at one socket for each kind of setting. */
async function behindNginx (t: Test): Promise<App & { folder: string }> {
  const started = await startApp(t)
  const folder = await startNginx(t, (folder) => `
    server {
      listen unix:${folder}/plain;
      location / { proxy_pass ${started.url}; }
    }
    server {
      listen unix:${folder}/gzip;
      gzip on;
      location / { proxy_pass ${started.url}; }
    }
    server {
      listen unix:${folder}/gzip-all;
      gzip on;
      gzip_types *;
      location / { proxy_pass ${started.url}; }
    }
    server {
      listen unix:${folder}/keepalive;
      location / {
        proxy_pass ${started.url};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
      }
    }
    server {
      listen unix:${folder}/upgrade;
      location / {
        proxy_pass ${started.url};
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
      }
    }
  `)
  return { ...started, folder }
}

for (const server of ['plain', 'gzip', 'keepalive']) {
  t.test(`events arrive through nginx while the stream is open (${server})`, async (t) => {
    const { app, folder } = await behindNginx(t)
    const { messages } = await openStream(t, 'http://localhost/realtime/sse?groups=public:lobby', {
      socketPath: `${folder}/${server}`,
      headers: { 'accept-encoding': 'gzip' }
    })
    for (const text of ['first', 'second']) {
      await app.realtime.toGroup('public:lobby').send('message', text)
      await messages.until(({ data }) => data === text)
    }
    t.pass('each came before the next was sent')
  })
}

t.test('events arrive at once even where nginx is told to compress them', async (t) => {
  const { app, folder } = await behindNginx(t)
  const response = await get(t, 'http://localhost/realtime/sse?groups=public:lobby', {
    socketPath: `${folder}/gzip-all`,
    headers: { 'accept-encoding': 'gzip' }
  })
  t.equal(response.headers['content-encoding'], 'gzip')
  const lines = createInterface(response.pipe(createGunzip()))
  t.teardown(() => { lines.close() })
  const seen = new Inbox<string>()
  lines.on('line', (line) => { seen.add(line) })
  await seen.until((line) => line.includes('realtime:open'))
  await app.realtime.toGroup('public:lobby').send('message', 'hello')
  await seen.until((line) => line.includes('hello'))
})

t.test('a stream that nginx has cut is gone from the app', async (t) => {
  const { app, folder } = await behindNginx(t)
  const { response } = await openStream(t, 'http://localhost/realtime/sse', { socketPath: `${folder}/plain` })
  const gone = new Promise((resolve) => app.realtime.onDisconnect(resolve))
  response.destroy()
  await gone
  t.equal(app.realtime.connectionCount, 0)
})

t.test('a stream ends properly through nginx', async (t) => {
  const { app, folder } = await behindNginx(t)
  const response = await get(t, 'http://localhost/realtime/sse', { socketPath: `${folder}/keepalive` })
  const { messages, closed } = await readStream(response)
  await app.close()
  await messages.until(({ event }) => event === 'realtime:close')
  await closed
  t.equal(response.complete, true)
})

t.test('a WebSocket works through nginx', async (t) => {
  const { app, folder } = await behindNginx(t)
  const ws = new WebSocket(`ws+unix://${folder}/upgrade:/realtime/ws?groups=public:lobby`)
  t.teardown(() => { ws.terminate() })
  await once(ws, 'message')
  const message = once(ws, 'message')
  await app.realtime.toGroup('public:lobby').send('message', 'hello')
  t.match(JSON.parse(String((await message)[0])), { event: 'message', data: 'hello' })
  const reply = once(ws, 'message')
  ws.send('{"ref":1,"type":"ping"}')
  t.same(JSON.parse(String((await reply)[0])), { ref: 1, ok: true, data: {} })
})

t.test('where nginx leaves the upgrade out, the answer says what is missing', async (t) => {
  const { folder } = await behindNginx(t)
  const response = await refusedSocket(t, `ws+unix://${folder}/plain:/realtime/ws`)
  t.equal(response.statusCode, 426)
  t.match(await textOf(response), 'FST_REALTIME_UPGRADE_REQUIRED')
})
