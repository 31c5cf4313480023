import t from 'tap'
import type { RealtimeOptions } from '../../lib/index.ts'
import { startApp } from './app.ts'
import { doors, knock } from './doors.ts'

const foreign: Record<string, string[]> = {
  'another host': ['https://evil.example'],
  'a host that begins with ours': ['http://app.example.evil'],
  'a host that ends with ours': ['http://evilapp.example'],
  'a host below ours': ['http://sub.app.example'],
  'the host above ours': ['http://example'],
  'another port': ['http://app.example:81'],
  'the port of the other scheme': ['http://app.example:443'],
  'a trailing dot': ['http://app.example.'],
  'a host in capitals': ['http://APP.EXAMPLE'],
  'a scheme in capitals': ['HTTP://app.example'],
  'another scheme': ['ws://app.example'],
  'no scheme': ['app.example'],
  'a scheme and no host': ['http://'],
  'a path': ['http://app.example/'],
  'a user': ['http://app.example@evil.example', 'http://evil@app.example'],
  'a backslash': ['http://app.example\\@evil.example'],
  'a list': ['http://app.example http://evil.example', 'http://app.example, http://evil.example', 'http://app.example,http://app.example'],
  null: ['null'],
  nothing: [''],
  'a file': ['file://'],
  'an extension': ['chrome-extension://abcdefghijklmnop'],
  'another script': ['http://аpp.example', 'http://xn--pp-xlc.example']
}
const own = ['http://app.example', 'https://app.example', 'http://app.example:80', 'https://app.example:443']

for (const { name, target, method, headers, body, inside } of doors) {
  t.test(`${name}: only pages of the app's own origin get in`, async (t) => {
    const { port } = await startApp(t)
    const ask = async (...more: string[]): Promise<{ status: number, body: string }> => await knock(t, port, target, ['host: app.example', ...headers, ...more], method, body)
    for (const [name, origins] of Object.entries(foreign)) {
      for (const origin of origins) {
        const { status, body } = await ask(`origin: ${origin}`)
        t.equal(status, 403, `${name}: ${origin}`)
        t.equal(JSON.parse(body).code, 'FST_REALTIME_FOREIGN_ORIGIN')
      }
    }
    for (const origin of own) t.equal((await ask(`origin: ${origin}`)).status, inside, origin)
    t.equal((await ask()).status, inside, 'none')
  })

  t.test(`${name}: two Origin headers are refused`, async (t) => {
    const { port } = await startApp(t)
    const { status } = await knock(t, port, target, ['host: app.example', 'origin: http://app.example', 'origin: http://app.example', ...headers], method, body)
    t.equal(status, 403)
  })

  t.test(`${name}: the refusal names both values`, async (t) => {
    const { port } = await startApp(t)
    const answer = await knock(t, port, target, ['host: app.example:8080', 'origin: https://evil.example', ...headers], method, body)
    t.match(JSON.parse(answer.body), { statusCode: 403, error: 'Forbidden', message: /https:\/\/evil\.example.*http:\/\/app\.example:8080/ })
  })

  t.test(`${name}: without an Origin, what browsers call cross-site is refused`, async (t) => {
    const { port } = await startApp(t)
    const ask = async (...more: string[]): Promise<number> => (await knock(t, port, target, ['host: app.example', ...headers, ...more], method, body)).status
    t.equal(await ask('sec-fetch-site: cross-site'), 403)
    for (const site of ['same-origin', 'same-site', 'none']) t.equal(await ask(`sec-fetch-site: ${site}`), inside, site)
    t.equal(await ask('sec-fetch-site: same-site', 'origin: http://sub.app.example'), 403, 'an Origin says more')
  })

  t.test(`${name}: the port of the host counts`, async (t) => {
    const { port } = await startApp(t)
    const ask = async (host: string, origin: string): Promise<number> => (await knock(t, port, target, [`host: ${host}`, `origin: ${origin}`, ...headers], method, body)).status
    t.equal(await ask('app.example:8080', 'http://app.example:8080'), inside)
    t.equal(await ask('app.example:8080', 'http://app.example'), 403)
    t.equal(await ask('app.example:80', 'http://app.example'), inside)
    t.equal(await ask('[::1]:8080', 'http://[::1]:8080'), inside)
    t.equal(await ask('[::1]:8080', 'http://[::1]:8081'), 403)
  })

  t.test(`${name}: behind a trusted proxy, the visitor's host and scheme count`, async (t) => {
    const { port } = await startApp(t, { fastify: { trustProxy: true } })
    const forwarded = ['host: internal:3000', 'x-forwarded-host: app.example', 'x-forwarded-proto: https', ...headers]
    const ask = async (origin: string): Promise<number> => (await knock(t, port, target, [...forwarded, `origin: ${origin}`], method, body)).status
    t.equal(await ask('https://app.example'), inside)
    t.equal(await ask('http://app.example'), 403, 'an http page never matches an https request')
    t.equal(await ask('https://internal:3000'), 403)
    t.equal(await ask('https://app.example:444'), 403)
  })

  t.test(`${name}: a proxy that is not trusted says nothing`, async (t) => {
    const { port } = await startApp(t)
    const { status } = await knock(t, port, target, ['host: app.example', 'x-forwarded-host: evil.example', 'origin: https://evil.example', ...headers], method, body)
    t.equal(status, 403)
  })

  t.test(`${name}: the guard comes before every hook of the app's`, async (t) => {
    const calls: string[] = []
    const options: RealtimeOptions = {
      preHandler: async () => { calls.push('preHandler') },
      identify: () => {
        calls.push('identify')
        return 'ada'
      }
    }
    const { port } = await startApp(t, { realtime: options })
    await knock(t, port, target, ['host: app.example', 'origin: https://evil.example', ...headers], method, body)
    t.same(calls, [])
    await knock(t, port, target, ['host: app.example', 'origin: https://app.example', ...headers], method, body)
    t.same(calls, ['preHandler', 'identify'])
  })
}

t.test('in development, pages on any loopback host get in', async (t) => {
  const loopback = ['http://localhost:5173', 'https://localhost', 'http://127.0.0.1:3000', 'http://127.9.9.9', 'http://[::1]:3000', 'http://shop.localhost:8080']
  const notLoopback = ['http://localhost.evil.example', 'http://127.0.0.1.evil.example', 'http://evil.example', 'http://localhost.', 'null', 'http://128.0.0.1', 'http://evil-localhost']
  const before = process.env['NODE_ENV']
  t.teardown(() => {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  })
  for (const environment of ['development', 'production']) {
    process.env['NODE_ENV'] = environment
    const { port } = await startApp(t)
    for (const { name, target, method, headers, body, inside } of doors) {
      const ask = async (origin: string): Promise<number> => (await knock(t, port, target, ['host: app.example', `origin: ${origin}`, ...headers], method, body)).status
      for (const origin of loopback) t.equal(await ask(origin), environment === 'development' ? inside : 403, `${name} from ${origin} in ${environment}`)
      for (const origin of notLoopback) t.equal(await ask(origin), 403, `${name} from ${origin} in ${environment}`)
    }
  }
})
