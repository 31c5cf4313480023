import { isOutcomeUnknown, type Failure } from './failure.ts'
import { retryDelay } from './backoff.ts'
import type { Cancel, Platform } from './platform.ts'
import type { Command, Line, Session } from './transport.ts'

const GATHER = 20
const BATCH = 50
const PACE = 1_000

/** What may happen to the commands of a lane. */
export interface LaneEvents {
  /** The server refused the command with this `ref`, and would again. */
  refused (ref: number, code: string): void
  /** The server does not know the connection. */
  unknown (): void
}

/**
 * Joins and leaves groups on an open connection, in order: gathered for 20 ms, 50
 * in one request, one request at a time and one full one a second, so that no
 * rate limit is met. What may not have arrived is sent again, which does no harm.
 */
export interface JoinLane {
  /** Begins with nothing to do. */
  open (line: Line, session: Session): void
  /** Forgets what is still to do. */
  close (): void
  /** Does nothing while closed. Returns the `ref` of the command. */
  subscribe (group: string, after: string | undefined): number
  unsubscribe (group: string): void
}

export function createJoinLane (platform: Platform, events: LaneEvents): JoinLane {
  let target: { line: Line, session: Session } | undefined
  let queue: Command[] = []
  let lastRef = 0
  let failures = 0
  let waiting: Cancel | undefined

  function push (command: Command): void {
    if (!target) return
    queue.push(command)
    waiting ??= platform.after(GATHER, flush)
  }

  async function flush (): Promise<void> {
    const mine = target
    if (!mine) return
    const batch = queue.slice(0, BATCH)
    let delay = batch.length === BATCH ? PACE : GATHER
    try {
      const replies = await mine.line.post(mine.session, batch)
      if (mine !== target) return
      queue = queue.slice(batch.length)
      failures = 0
      for (const reply of replies) {
        const command = batch.find(({ ref }) => ref === reply.ref)
        if (reply.ok || !command) continue
        if (reply.error.code === 'FST_REALTIME_TOO_MANY_MESSAGES') {
          queue.push(command)
          delay = PACE
        } else {
          events.refused(command.ref, reply.error.code)
        }
      }
    } catch (error) {
      if (mine !== target) return
      const { status, floor, code } = error as Failure
      if (status === 404) return events.unknown()
      if (isOutcomeUnknown(error as Failure) || status === 429) {
        delay = retryDelay(failures++, platform.random(), floor)
      } else {
        queue = queue.slice(batch.length)
        for (const { ref } of batch) events.refused(ref, code)
      }
    }
    waiting = queue.length > 0 ? platform.after(delay, flush) : undefined
  }

  function close (): void {
    waiting?.()
    waiting = target = undefined
    queue = []
    failures = 0
  }

  return {
    open (line, session) {
      close()
      target = { line, session }
    },
    close,
    subscribe (group, after) {
      push({ ref: ++lastRef, type: 'subscribe', group, after })
      return lastRef
    },
    unsubscribe (group) {
      push({ ref: ++lastRef, type: 'unsubscribe', group })
    }
  }
}
