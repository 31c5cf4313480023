import type { FastifyRequest } from 'fastify'
import { errors, wireError } from '../errors.ts'
import { checkCommand, parseJson, refOf, type Command, type Reply } from '../protocol/command.ts'
import { textFrame } from '../protocol/frame.ts'
import { execute } from './commands/execute.ts'
import type { Connection } from './connection.ts'
import type { Context } from './context.ts'

/** So many malformed frames in a row, and one more, close the connection. */
const MAX_STRIKES = 10

/** Takes a text frame: one command, answered by one reply. Never throws, never rejects. */
export function receive (context: Context, connection: Connection, text: string): void {
  if (!admit(context, connection)) return
  let value: unknown
  let command
  try {
    value = parseJson(text)
    command = checkCommand(value)
  } catch (error) {
    strike(context, connection, failure(refOf(value), error))
    return
  }
  connection.strikes = 0
  answerCommand(context, connection, command).catch((error: unknown) => {
    context.log.error({ err: error }, 'a realtime command failed')
  })
}

/** Answers a frame that can never be a command. */
export function receiveUnreadable (context: Context, connection: Connection, what: string): void {
  if (admit(context, connection)) strike(context, connection, failure(null, new errors.Malformed(what)))
}

/** Whether a frame is to be looked at: commands are taken here, and there were not too many. */
function admit (context: Context, connection: Connection): boolean {
  if (connection.state !== 'open' || !connection.commands) return false
  const rate = connection.bucket.take(1, Date.now())
  if (rate === 'taken') return true
  context.counters.rateLimited++
  if (rate === 'flooding') connection.close('too-many-messages')
  else answer(connection, failure(null, new errors.TooManyMessages(context.limits.messagesPerSecond)))
  return false
}

/**
 * Runs one command that came as a parsed value with a request. Never rejects: whatever goes
 * wrong is in the reply. `complete` finishes what the command began, once the reply
 * is on its way.
 */
export async function run (context: Context, connection: Connection, value: unknown, request: FastifyRequest): Promise<{ reply: Reply, malformed: boolean, complete?: () => void }> {
  let command
  try {
    command = checkCommand(value)
  } catch (error) {
    return { reply: failure(refOf(value), error), malformed: true }
  }
  return { ...await perform(context, connection, command, request), malformed: false }
}

async function perform (context: Context, connection: Connection, command: Command, request: FastifyRequest | undefined): Promise<{ reply: Reply, complete?: () => void }> {
  const { ref } = command
  try {
    const { data, complete } = await execute(context, connection, command, request)
    const reply: Reply = { ref, ok: true, data }
    return complete === undefined ? { reply } : { reply, complete }
  } catch (error) {
    return { reply: failure(ref, error) }
  }
}

async function answerCommand (context: Context, connection: Connection, command: Command): Promise<void> {
  const { reply, complete } = await perform(context, connection, command, undefined)
  answer(connection, reply)
  complete?.()
}

function strike (context: Context, connection: Connection, reply: Reply): void {
  context.counters.malformed++
  if (++connection.strikes > MAX_STRIKES) connection.close('malformed')
  else answer(connection, reply)
}

function answer (connection: Connection, reply: Reply): void {
  connection.tell({ bytes: () => textFrame(JSON.stringify(reply)) })
}

function failure (ref: number | null, error: unknown): Reply {
  return { ref, ok: false, error: wireError(error) }
}
