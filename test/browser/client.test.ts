import Fastify, { type FastifyInstance } from 'fastify'
import { chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import type { Realtime } from '../../lib/client/index.ts'
import realtime from '../../lib/index.ts'

declare global {
  interface Window {
    realtime: Realtime
    received: unknown[]
  }
}

const launching = {
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
  ignoreDefaultArgs: ['--disable-back-forward-cache']
}

const worker = `
importScripts('/live/worker.js')
const live = realtime.connect({ url: '/live' })
live.subscribe('public:a', { say: (data) => postMessage(data) })
`

/** An app whose page has the script tag, and subscribes. */
async function site (t: Test): Promise<{ app: FastifyInstance, address: string, page: Page }> {
  const app = Fastify({ forceCloseConnections: true })
  await app.register(realtime, { prefix: '/live', heartbeat: 1_000 })
  app.get('/', (_request, reply) => reply.type('text/html').send(`<!doctype html><title>a</title>
    <script src="/live/client.js"></script>
    <script>window.received = []; realtime.subscribe('public:a', { say: (data) => received.push(data) })</script>`))
  app.get('/elsewhere', (_request, reply) => reply.type('text/html').send('<!doctype html><title>b</title>'))
  app.get('/worker.js', (_request, reply) => reply.type('text/javascript').send(worker))
  app.get('/echo', ({ headers }) => ({ origin: headers['realtime-origin'] ?? null }))
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await chromium.launch(launching)
  t.teardown(async () => {
    await browser.close()
    await app.close()
  })
  const page = await browser.newPage()
  await page.goto(address)
  await page.waitForFunction(() => window.realtime.status.state === 'connected')
  return { app, address, page }
}

async function receives (page: Page, count: number): Promise<unknown> {
  await page.waitForFunction((wanted) => window.received.length >= wanted, count)
  return page.evaluate(() => window.received)
}

t.test('a script tag defines a client that knows where the server is', async (t) => {
  const { app, page } = await site(t)
  app.realtime.toGroup('public:a').send('say', 'hi')
  t.same(await receives(page, 1), ['hi'])
})

t.test('a stream that is cut comes back', async (t) => {
  const { app, page } = await site(t)
  const before = await page.evaluate(() => (window.realtime.status as { connection: string }).connection)
  app.server.closeAllConnections()
  await page.waitForFunction((old) => {
    const { status } = window.realtime
    return status.state === 'connected' && status.connection !== old
  }, before)
  app.realtime.toGroup('public:a').send('say', 'again')
  t.same(await receives(page, 1), ['again'])
})

t.test('a page that the browser puts away comes back as it was, and connects again', async (t) => {
  const { app, address, page } = await site(t)
  app.realtime.toGroup('public:a').send('say', 1)
  await receives(page, 1)
  const gone = new Promise<void>((resolve) => app.realtime.onDisconnect(() => { resolve() }))
  await page.goto(`${address}/elsewhere`)
  await gone
  await page.goBack({ waitUntil: 'commit' })
  await page.waitForFunction(() => window.realtime.status.state === 'connected')
  app.realtime.toGroup('public:a').send('say', 2)
  t.same(await receives(page, 2), [1, 2], 'what the page had is still there')
})

t.test('groups are joined within the connection, and refusals told', async (t) => {
  const { page } = await site(t)
  const left = await page.evaluate(() => new Promise((resolve) => {
    window.realtime.subscribe('private', { error: resolve })
  }))
  t.same(left, { group: 'private', reason: 'FST_REALTIME_FORBIDDEN' })
})

t.test("the client's fetch carries the tab's tag", async (t) => {
  const { page } = await site(t)
  const [origin, echoed] = await page.evaluate(async () => {
    const response = await window.realtime.fetch('echo')
    return [window.realtime.origin, await response.json()] as const
  })
  t.same(echoed, { origin })
})

t.test('an error in a handler is reported to the page, and stops no other', async (t) => {
  const { app, page } = await site(t)
  const reported = new Promise<Error>((resolve) => page.on('pageerror', resolve))
  await page.evaluate(() => window.realtime.subscribe('public:a', { say () { throw new Error('mine') } }).unsubscribe)
  app.realtime.toGroup('public:a').send('say', 'hi')
  t.equal((await reported).message, 'mine')
  t.same(await receives(page, 1), ['hi'])
})

t.test('a worker has the client too', async (t) => {
  const { app, page } = await site(t)
  const joined = new Promise<void>((resolve) => app.realtime.onConnect(() => { resolve() }))
  await page.evaluate(() => {
    new Worker('/worker.js').onmessage = ({ data }) => window.received.push(`worker ${data}`)
  })
  await joined
  app.realtime.toGroup('public:a').send('say', 'hi')
  t.same(new Set(await receives(page, 2) as unknown[]), new Set(['hi', 'worker hi']))
})
