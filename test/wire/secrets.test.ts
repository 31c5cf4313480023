import { Writable } from 'node:stream'
import type { FastifyServerOptions } from 'fastify'
import t, { type Test } from 'tap'
import { startApp, type App, type AppOptions } from './app.ts'
import { doors, knock } from './doors.ts'
import { openSocket } from './socket.ts'
import { openStream, post } from './stream.ts'

const SECRET = 's3cr3t-t1cket'

/** An app that logs everything it can. */
async function loggingApp (t: Test, options: AppOptions = {}, serializers?: Record<string, (value: never) => unknown>): Promise<App & { lines: string[] }> {
  const lines: string[] = []
  const stream = new Writable({
    write (chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    }
  })
  const logger = { level: 'trace', stream, ...(serializers === undefined ? {} : { serializers }) } as FastifyServerOptions['logger']
  return { ...await startApp(t, { ...options, fastify: { ...options.fastify, logger } }), lines }
}

const queries = [`ticket=${SECRET}`, `access_token=${SECRET}`, `groups=public:a&access_token=${SECRET}&x=1`, `TICKET=${SECRET}`, `ticket=&ticket=${SECRET}`, `%74icket=${SECRET}`, `access%5Ftoken=${SECRET}`]

const situations: Record<string, AppOptions & { headers?: string[], query?: string }> = {
  'it is accepted': {},
  'a group is refused': { query: '&groups=secret' },
  'a name is illegal': { query: '&groups=*' },
  'the origin is foreign': { headers: ['origin: https://evil.example'] },
  'identify throws': { realtime: { identify: () => { throw new Error('broken') } } },
  'identify hangs': { realtime: { identify: () => new Promise(() => {}), limits: { hookTimeout: 10 } } },
  'the handshake takes too long': { realtime: { preHandler: () => {}, limits: { handshakeTimeout: 10 } } },
  'the app refuses': { realtime: { preHandler: async () => { throw Object.assign(new Error('no'), { statusCode: 401 }) } } },
  'the app breaks': { realtime: { preHandler: async () => { throw new Error('broken') } } },
  'there is no room': { realtime: { limits: { maxConnections: 1, maxConnectionsPerAddress: 1 } } }
}

/** Serialisers that log as much of a request as they can. */
const serializers: Record<string, Record<string, (request: never) => unknown> | undefined> = {
  'Fastify\'s serialiser': undefined,
  'a serialiser of the app\'s': {
    req: ({ method, url, originalUrl, query, raw, params }: { method: string, url: string, originalUrl: string, query: { ticket?: string }, raw: { url: string }, params: unknown }) =>
      ({ method, url, originalUrl, query, ticket: query.ticket, raw: raw.url, params })
  }
}

for (const [serializer, req] of Object.entries(serializers)) {
  for (const { name, target, method, headers, body } of doors) {
    t.test(`${name}, ${serializer}: no line and no error has the secret`, async (t) => {
      for (const [situation, { headers: more = [], query: rest = '', ...options }] of Object.entries(situations)) {
        if (name === 'POST' && situation === 'the handshake takes too long') continue
        const { app, port, lines } = await loggingApp(t, options, req)
        for (const query of situation === 'it is accepted' ? queries : queries.slice(0, 2)) {
          const answer = await knock(t, port, `${target}?${query}${rest}`, ['host: app.example', ...headers, ...more], method, body)
          t.notMatch(answer.head + answer.body, SECRET, `${situation}: the answer to ${query}`)
        }
        await app.close()
        t.ok(lines.some((line) => line.includes(target)), `${situation}: the requests are logged`)
        t.same(lines.filter((line) => line.includes(SECRET)), [], `${situation}: the log`)
      }
    })
  }
}

t.test('a serialiser still sees the rest of the request', async (t) => {
  const { app, port, lines } = await loggingApp(t, {}, {
    req: ({ url, query, headers, ip, routeOptions }: { url: string, query: unknown, headers: { host: string }, ip: string, routeOptions: { url: string } }) =>
      ({ url, query, host: headers.host, ip, route: routeOptions.url })
  })
  await knock(t, port, `/realtime/sse?groups=public:a&ticket=${SECRET}`, ['host: app.example'])
  await app.close()
  t.match(lines.map((line) => JSON.parse(line)).find(({ req }) => req !== undefined)?.req, {
    url: '/realtime/sse?groups=public:a&ticket=redacted', query: { groups: 'public:a', ticket: 'redacted' }, host: 'app.example', ip: '127.0.0.1', route: '/realtime/sse'
  })
})

t.test('the token of a connection is in no line', async (t) => {
  const { app, url, lines } = await loggingApp(t)
  const tokens = [(await openStream(t, `${url}/realtime/sse`)).opening, (await openSocket(t, `${url}/realtime/ws`)).opening]
    .map(({ connection, token }) => ({ connection, token }))
  for (const { connection, token } of tokens) {
    t.match(await post(`${url}/realtime/connections/${connection}`, '{"ref":1,"type":"ping"}', { 'realtime-token': token }), { status: 200 })
    t.match(await post(`${url}/realtime/connections/${connection}`, 'no JSON', { 'realtime-token': token }), { status: 400 })
  }
  await app.close()
  for (const { token } of tokens) t.same(lines.filter((line) => line.includes(token)), [])
})
