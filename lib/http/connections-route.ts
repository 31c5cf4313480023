import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Connection } from '../connection/connection.ts'
import type { Context } from '../connection/context.ts'
import { run } from '../connection/session.ts'
import { errors, refuse } from '../errors.ts'
import { quoted } from '../protocol/names.ts'
import type { OwnRoutes } from './own-routes.ts'

/** So many commands may come in one request. */
const MAX_COMMANDS = 100

/** `POST /connections/:id`: commands for a connection, one or an array, answered in the same shape. */
export function connectionsRoute (scope: FastifyInstance, { context, guards }: OwnRoutes): void {
  scope.route<{ Params: { id: string } }>({
    method: 'POST',
    url: '/connections/:id',
    schema: guards.hidden,
    bodyLimit: context.limits.maxMessageBytes,
    onRequest: async (request, reply) => { guards.origin(request, reply) },
    preHandler: [...guards.preHandler],
    handler: async (request, reply) => {
      const connection = await find(context, request)
      const { body } = request
      const commands = Array.isArray(body) ? body as unknown[] : [body]
      if (commands.length > MAX_COMMANDS) throw new errors.TooManyCommands(MAX_COMMANDS)
      checkRate(context, connection, commands.length)
      const outcomes = await Promise.all(commands.map((command) => run(context, connection, command, request)))
      for (const { malformed } of outcomes) if (malformed) context.counters.malformed++
      const replies = outcomes.map(({ reply: answer }) => answer)
      reply.header('cache-control', 'no-store').type('application/json; charset=utf-8').send(JSON.stringify(Array.isArray(body) ? replies : replies[0]))
      for (const { complete } of outcomes) complete?.()
      return reply
    }
  })
}

/** @throws NotFound, WrongToken, and whatever refuses the request's identity */
async function find (context: Context, request: FastifyRequest<{ Params: { id: string } }>): Promise<Connection> {
  const { id } = request.params
  const identity = await context.policy.identify(request)
  const connection = context.registry.get(id)
  if (connection === undefined || !connection.commands || connection.state !== 'open') throw new errors.NotFound(quoted(id))
  const token = request.headers['realtime-token']
  if (typeof token !== 'string' || !isSame(token, connection.token) || identity.user !== connection.identity.user) throw new errors.WrongToken()
  return connection
}

function isSame (a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

function checkRate (context: Context, connection: Connection, count: number): void {
  if (connection.bucket.take(count, Date.now()) === 'taken') return
  context.counters.rateLimited++
  throw refuse(new errors.TooManyMessages(context.limits.messagesPerSecond), { retryAfter: 1 })
}
