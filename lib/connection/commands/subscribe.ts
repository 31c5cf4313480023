import type { FastifyRequest } from 'fastify'
import { errors } from '../../errors.ts'
import type { SubscribeCommand } from '../../protocol/command.ts'
import type { Connection } from '../connection.ts'
import type { Context } from '../context.ts'
import { checkJoin } from '../joining.ts'
import type { Outcome } from './outcome.ts'

/** Joins a group. The reply means accepted; `realtime:joined` follows on the stream. */
export async function subscribe (context: Context, connection: Connection, command: SubscribeCommand, request: FastifyRequest | undefined): Promise<Outcome> {
  const { ref, group, after, where, events } = command
  if (where !== undefined) throw new errors.UnsupportedFilter('where')
  if (events !== undefined) throw new errors.UnsupportedFilter('events')
  const complete = await checkJoin(context, connection, { ref, group, after }, request)
  return { data: { view: null }, complete }
}
