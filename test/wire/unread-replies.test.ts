import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { WebSocket } from 'ws'
import { startApp } from './app.ts'

t.test('replies that a client does not read do not pile up, and none is lost', async (t) => {
  const commands = 60_000
  const { app, port } = await startApp(t, { realtime: { limits: { messagesPerSecond: 1_000_000 } } })
  const lines: Socket[] = []
  app.server.on('connection', (line: Socket) => { lines.push(line) })
  const client = new WebSocket(`ws://127.0.0.1:${port}/realtime/ws`)
  t.teardown(() => { client.terminate() })
  await once(client, 'message')

  client.pause()
  const badGroup = `@${'x'.repeat(190)}`
  for (let ref = 0; ref < commands; ref++) client.send(`{"ref":${ref},"type":"subscribe","group":"${badGroup}"}`)
  const line = lines[0]!
  while (!line.isPaused()) await setImmediate()
  t.ok(line.writableLength < 1_000_000, 'the server stopped reading')

  let next = 0
  const complete = new Promise<void>((resolve) => {
    client.on('message', (data: Buffer) => {
      const { ref } = JSON.parse(data.toString()) as { ref?: number }
      if (ref !== next) return
      if (++next === commands) resolve()
    })
  })
  client.resume()
  await complete
})
