import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { startBoard, temporaryDirectory } from './board.ts'
import { listen } from './stream.ts'

const server = fileURLToPath(new URL('../../examples/board/server.js', import.meta.url))

async function spawnServer (t: Test, env: Record<string, string> = {}): Promise<{ child: ChildProcess, url: string }> {
  const child = spawn(process.execPath, [server], {
    env: { ...process.env, PORT: '0', DATA_DIR: await temporaryDirectory(t), FEED_INTERVAL: '20', ...env },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  t.teardown(() => child.kill('SIGKILL'))
  const [line] = await once(createInterface(child.stdout!), 'line') as [string]
  return { child, url: line.match(/http:\S+/)![0] }
}

t.test('the server prints its address and replays the webhooks to itself', async (t) => {
  const { url } = await spawnServer(t)
  const stream = await listen(t, url, ['public:board'])
  const issue = await stream.until(({ model, key }) => model === 'issue' && key === 'issue-444500041')
  t.match(issue.data, { title: 'Spelling error in the README file' })
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} ends it with a stream open`, async (t) => {
    const { child, url } = await spawnServer(t)
    const stream = await listen(t, url, ['public:board'])
    child.kill(signal)
    t.same(await once(child, 'exit'), [0, null])
    await stream.until(({ event }) => event === 'realtime:close')
  })
}

t.test('a visitor is still signed in after a restart', async (t) => {
  const directory = await temporaryDirectory(t)
  const first = await spawnServer(t, { DATA_DIR: directory })
  const response = await fetch(`${first.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada' })
  })
  const cookie = response.headers.getSetCookie()[0]!.split(';')[0]!
  first.child.kill()
  await once(first.child, 'exit')

  const second = await spawnServer(t, { DATA_DIR: directory })
  t.match(await (await fetch(`${second.url}/api/board`, { headers: { cookie } })).json(), { user: 'Ada' })
})

t.test('the app closes with a stream open', async (t) => {
  const { app, url } = await startBoard(t)
  const stream = await listen(t, url, ['public:board'])
  await t.resolves(app.close())
  await stream.until(({ event }) => event === 'realtime:close')
})
