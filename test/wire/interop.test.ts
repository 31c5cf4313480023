import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { EventSource } from 'eventsource'
import t, { type Test } from 'tap'
import WebSocket from 'ws'
import { startApp } from './app.ts'
import { Inbox, type Message } from './inbox.ts'

function start (t: Test, program: string, args: string[]): { child: ChildProcessByStdio<null, Readable, null>, until: (text: string) => Promise<string> } {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const output = new Inbox<string>()
  let text = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (part: string) => { output.add(text += part) })
  child.stdout.on('end', () => { output.end(`${program} ended after ${JSON.stringify(text)}`) })
  t.teardown(() => { child.kill('SIGKILL') })
  return { child, until: (part) => output.until((all) => all.includes(part)) }
}

t.test('curl -N shows what comes, as it comes', async (t) => {
  const { app, url } = await startApp(t)
  const { until } = start(t, 'curl', ['-sN', `${url}/realtime/sse?groups=public:lobby`])
  await until('"event":"realtime:open"')
  const { id } = await app.realtime.toGroup('public:lobby').send('message', { text: 'hello' })
  const text = await until('hello')
  t.ok(text.endsWith(`id: ${id}\nevent: message\ndata: {"id":"${id}","group":"public:lobby","event":"message","data":{"text":"hello"}}\n\n`))
})

t.test('a closing app ends curl without an error', async (t) => {
  const { app, url } = await startApp(t)
  const { child, until } = start(t, 'curl', ['-sN', `${url}/realtime/sse`])
  await until('"event":"realtime:open"')
  const exited = once(child, 'exit')
  await app.close()
  t.match(await until('realtime:close'), /\nretry: \d+\nevent: realtime:close\n/)
  t.same(await exited, [0, null])
})

t.test('ws gets one JSON message a frame', async (t) => {
  const { app, url } = await startApp(t)
  const ws = new WebSocket(`${url}/realtime/ws?groups=public:lobby`)
  t.teardown(() => { ws.terminate() })
  const [opening] = await once(ws, 'message') as [Buffer]
  t.match(JSON.parse(String(opening)), { event: 'realtime:open', data: { user: null, groups: ['public:lobby'] } })
  const message = once(ws, 'message')
  const { id } = await app.realtime.toGroup('public:lobby').send('message', { text: 'hello' })
  const [bytes, isBinary] = await message as [Buffer, boolean]
  t.equal(String(bytes), `{"id":"${id}","group":"public:lobby","event":"message","data":{"text":"hello"}}`)
  t.equal(isBinary, false)
})

t.test('ws is answered its ping and its close', async (t) => {
  const { url } = await startApp(t)
  const ws = new WebSocket(`${url}/realtime/ws`)
  t.teardown(() => { ws.terminate() })
  await once(ws, 'open')
  ws.ping('are you there')
  const [echo] = await once(ws, 'pong') as [Buffer]
  t.equal(String(echo), 'are you there')
  ws.close(1000)
  t.equal((await once(ws, 'close'))[0], 1000)
})

t.test('Python\'s websockets joins, is told and leaves', async (t) => {
  const { app, url } = await startApp(t)
  const script = `
import asyncio, json, sys, websockets

async def main():
    async with websockets.connect(sys.argv[1]) as socket:
        print(await socket.recv(), flush=True)
        await socket.send(json.dumps({"ref": 1, "type": "subscribe", "group": "public:lobby"}))
        for _ in range(3):
            print(await socket.recv(), flush=True)
    print("closed", socket.close_code, flush=True)

asyncio.run(main())
`
  const { child, until } = start(t, '/usr/bin/python3', ['-c', script, `${url.replace('http', 'ws')}/realtime/ws`])
  const exited = once(child, 'exit')
  await until('"event":"realtime:joined"')
  await app.realtime.toGroup('public:lobby').send('message', { text: 'ünï\u2028code' })
  const lines = (await until('closed 1000')).split('\n')
  t.same(lines.slice(0, 4).map((line) => JSON.parse(line).event ?? JSON.parse(line).ok), ['realtime:open', true, 'realtime:joined', 'message'])
  t.same(JSON.parse(lines[3]!).data, { text: 'ünï\u2028code' })
  t.same(await exited, [0, null])
})

t.test('eventsource gets events by their name', async (t) => {
  const { app, url } = await startApp(t)
  const source = new EventSource(`${url}/realtime/sse?groups=public:lobby`)
  t.teardown(() => { source.close() })
  await event(source, 'realtime:open')
  const message = event(source, 'chat:said')
  const { id } = await app.realtime.toGroup('public:lobby').send('chat:said', { text: 'hello' })
  const { data, lastEventId } = await message
  t.equal(lastEventId, id)
  t.same(JSON.parse(data), { id, group: 'public:lobby', event: 'chat:said', data: { text: 'hello' } })
})

t.test('eventsource comes back with the last id when its line is cut', async (t) => {
  const sockets: Socket[] = []
  const presented: unknown[] = []
  const { app, url } = await startApp(t, {
    before: (app) => {
      app.addHook('onRequest', async ({ raw, headers }) => {
        sockets.push(raw.socket)
        presented.push(headers['last-event-id'])
      })
    }
  })
  const source = new EventSource(`${url}/realtime/sse?groups=public:lobby`)
  t.teardown(() => { source.close() })
  await event(source, 'realtime:open')
  const first = event(source, 'message')
  const { id } = await app.realtime.toGroup('public:lobby').send('message', 1)
  await first

  const again = event(source, 'realtime:open')
  sockets[0]!.destroy()
  await again
  t.same(presented, [undefined, id])
  const second = event(source, 'message')
  await app.realtime.toGroup('public:lobby').send('message', 2)
  t.equal((JSON.parse((await second).data) as Message).data, 2)
})

t.test('eventsource takes the time to come back from a closing app', async (t) => {
  const { app, url } = await startApp(t, { realtime: { reconnectSpread: 0 } })
  let retries = 0
  const source = new EventSource(`${url}/realtime/sse`, {
    fetch: (input, init) => {
      retries++
      return fetch(input, init)
    }
  })
  t.teardown(() => { source.close() })
  await event(source, 'realtime:open')
  const failed = new Promise((resolve) => { source.addEventListener('error', () => { if (retries > 2) resolve(undefined) }) })
  const farewell = event(source, 'realtime:close')
  await app.close()
  t.match(JSON.parse((await farewell).data).data, { reason: 'shutdown', retry: true, delay: 0 })
  await failed
})

function event (source: EventSource, name: string): Promise<MessageEvent<string>> {
  return new Promise((resolve) => { source.addEventListener(name, resolve as (event: MessageEvent) => void, { once: true }) })
}
