import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import fc from 'fast-check'
import t from 'tap'
import realtime, { type SendResult } from '../../lib/index.ts'
import { Claims } from './claims.ts'
import { Log } from './log.ts'
import { SocketClient, type Line } from './socket-client.ts'

const GROUPS = ['a', 'b', 'c', 'd']
const group = fc.constantFrom(...GROUPS)
const origin = fc.option(fc.constantFrom('tab1', 'tab2'), { nil: undefined, freq: 2 })
const user = fc.option(fc.constantFrom('u', 'v'), { nil: null })

const line: fc.Arbitrary<Line> = fc.record({
  protocol: fc.constantFrom<Line['protocol'][]>('HTTP/1.1', 'HTTP/1.0', 'WebSocket'),
  user,
  groups: fc.subarray(GROUPS),
  origin,
  cut: fc.option(fc.integer({ min: 1, max: 4_000 }), { nil: undefined, freq: 2 })
})

/** A turn: newcomers, messages to many groups, and who joins a group in-band. */
const turn = fc.record({
  lines: fc.array(line, { maxLength: 3 }),
  messages: fc.array(fc.record({ target: fc.oneof(group, fc.constantFrom('@all', '@user:u')), volatile: fc.boolean(), origin }), { maxLength: 12, size: 'max' }),
  joins: fc.array(fc.record({ who: fc.nat(99), group }), { maxLength: 2 })
})

t.test('over sockets, too, each client got a prefix in position order', async (t) => {
  const app = fastify()
  await app.register(realtime, {
    heartbeat: 20,
    identify: (request) => request.headers['x-user'] as string | undefined,
    canJoin: () => true,
    limits: { maxConnectionsPerUser: 1_000 }
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())

  await fc.assert(fc.asyncProperty(fc.array(turn, { minLength: 4, maxLength: 12 }), async (turns) => {
    const clients: Array<{ line: Line, client: SocketClient }> = []
    const sends: Array<{ target: string, origin: string | undefined, result: Promise<SendResult> }> = []
    const send = (target: string, options: { volatile?: boolean, origin?: string | undefined }): void => {
      const data = { n: sends.length + 1, text: 'é'.repeat(sends.length % 9) }
      const result = targetOf(app, target).send('message', data, { volatile: options.volatile === true, except: options.origin })
      sends.push({ target, origin: options.origin, result })
    }
    try {
      for (const { lines, messages, joins } of turns) {
        for (const line of lines) clients.push({ line, client: new SocketClient((app.server.address() as AddressInfo).port, line) })
        for (const { target, volatile, origin } of messages) send(target, { volatile, origin })
        await Promise.all(joins.map(async ({ who, group }) => { await join(app, clients[who % clients.length]?.client, group) }))
        await setImmediate()
      }
      await Promise.all(clients.map(async ({ client }) => await client.first(({ event }) => event === 'realtime:open')))
      send('@all', {})
      await Promise.all(clients.map(async ({ client }) => await client.first(({ data }) => (data as { n?: number }).n === sends.length)))

      const log = new Log()
      for (const { target, origin, result } of sends) log.add({ id: (await result).id, group: target, origin })
      for (const { line, client } of clients) {
        const claims = new Claims({ log, user: line.user, origin: line.origin, self: client, ends: new Map() }).readAll(client.events)
        if (!client.isCut) claims.isComplete(log.message(sends.length)!.id!)
      }
    } finally {
      for (const { client } of clients) client.destroy()
    }
  }), { numRuns: 40, endOnFailure: true })
  t.pass()
})

function targetOf ({ realtime }: FastifyInstance, group: string): ReturnType<typeof realtime.broadcast> {
  if (group === '@all') return realtime.broadcast()
  return group.startsWith('@user:') ? realtime.toUser(group.slice('@user:'.length)) : realtime.toGroup(group)
}

/** Joins in-band as the client's protocol has it, without waiting for the group. */
async function join (app: FastifyInstance, client: SocketClient | undefined, group: string): Promise<void> {
  const open = await client?.first(({ event }) => event === 'realtime:open')
  if (client === undefined || open === undefined) return
  const command = { ref: 1, type: 'subscribe', group }
  const { connection, token, user } = open.data as { connection: string, token: string, user: string | null }
  if (client.format === 'websocket') {
    client.command(command)
  } else {
    const headers = { 'realtime-token': token, ...user === null ? {} : { 'x-user': user } }
    await app.inject({ method: 'POST', url: `/realtime/connections/${connection}`, headers, payload: command })
  }
}
