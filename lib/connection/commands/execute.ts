import type { FastifyRequest } from 'fastify'
import type { Command } from '../../protocol/command.ts'
import type { Connection } from '../connection.ts'
import type { Context } from '../context.ts'
import { close } from './close.ts'
import type { Outcome } from './outcome.ts'
import { ping } from './ping.ts'
import { renew } from './renew.ts'
import { send } from './send.ts'
import { subscribe } from './subscribe.ts'
import { unsubscribe } from './unsubscribe.ts'

/** Runs a command, which may have come with a request of its own. Rejects with an error of the table where it is refused. */
export async function execute (context: Context, connection: Connection, command: Command, request: FastifyRequest | undefined): Promise<Outcome> {
  switch (command.type) {
    case 'subscribe': return await subscribe(context, connection, command, request)
    case 'unsubscribe': return unsubscribe(context, connection, command)
    case 'send': return send(connection, command)
    case 'ping': return ping()
    case 'renew': return renew()
    case 'close': return close(connection)
  }
}
