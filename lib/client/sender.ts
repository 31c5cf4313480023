import { retryDelay } from './backoff.ts'
import { withDeadline } from './deadline.ts'
import { asFailure, failure, isOutcomeUnknown, type Failure } from './failure.ts'
import { randomTag, type Cancel, type Platform } from './platform.ts'
import type { Command, Line, Session } from './transport.ts'

/** An open connection. */
export interface Open {
  readonly line: Line
  readonly session: Session
}

/** What a sender needs of the connection. */
export interface Connection {
  /**
   * Resolves as soon as there is one.
   *
   * @throws Failure as a rejection, when the client is closed
   */
  opened (): Promise<Open>
  /** The server does not know this one: dial again. */
  redial (open: Open): void
  /** Wants a connection until it is cancelled. */
  hold (): Cancel
}

/** Sends events to the server; each runs there once, also where it had to be repeated. */
export type Sender = (group: string, event: string, data: unknown, timeout: number) => Promise<unknown>

export function createSender (platform: Platform, connection: Connection): Sender {
  return async (group, event, data, timeout) => {
    const command: Command = { ref: 0, type: 'send', id: randomTag(platform), group, event, data: data ?? null }
    assertJson(command)
    let over = false
    let uncertain = false

    async function attempts (): Promise<unknown> {
      for (let failures = 0; ; failures++) {
        const open = await connection.opened().catch((closed) => {
          throw uncertain ? outcomeUnknown() : closed
        })
        if (over) return
        const before = uncertain
        uncertain = true
        try {
          const [reply] = await open.line.post(open.session, [command])
          if (!reply) throw outcomeUnknown()
          if (reply.ok) return reply.data
          throw failure(reply.error.code, reply.error.message, { status: 200 })
        } catch (error) {
          const problem = asFailure(error, 'network')
          uncertain = before || (isOutcomeUnknown(problem) && problem.code !== 'token')
          if (problem.status === 404) connection.redial(open)
          else if (!isOutcomeUnknown(problem)) throw problem
          else await new Promise<void>((resolve) => platform.after(retryDelay(failures, platform.random(), problem.floor), resolve))
        }
      }
    }

    const release = connection.hold()
    try {
      return await withDeadline(platform, timeout, attempts(), () => uncertain ? outcomeUnknown() : failure('FST_REALTIME_TIMEOUT'))
    } finally {
      over = true
      release()
    }
  }
}

/** It was sent, and no answer came. */
function outcomeUnknown (): Failure {
  return failure('FST_REALTIME_OUTCOME_UNKNOWN')
}

function assertJson (command: Command): void {
  try {
    JSON.stringify(command)
  } catch (error) {
    throw failure('FST_REALTIME_BAD_DATA', String(error))
  }
}
