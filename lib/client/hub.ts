import type { Status } from '../../types/client-status.ts'
import type { WireMessage } from '../../types/message.ts'
import { retryDelay } from './backoff.ts'
import { failure, type Failure } from './failure.ts'
import { createJoinLane } from './join-lane.ts'
import { createMemberships } from './memberships.ts'
import type { Cancel, Platform } from './platform.ts'
import { isRefusal } from './request.ts'
import { createSender, type Open } from './sender.ts'
import type { Link, Sink } from './sink.ts'
import { joinedMessage, leftMessage, type Closing, type GroupNews, type Opening } from './system-event.ts'
import type { Frame, Line, Transport } from './transport.ts'
import { createWatchdog } from './watchdog.ts'

const DEFAULT_SILENCE = 45_000
const HEALTHY_AFTER = 5_000
const LINGER = 3_000
const OFFLINE_RETRY = 30_000
const STUCK_AFTER = 5_000

const IDLE: Status = Object.freeze({ state: 'idle' })

/** The one connection, and the tabs it serves. */
export interface Hub {
  /** Serves a tab, for as long as the hub lives. */
  attach (sink: Sink): Link
}

/** @param origin the public tag that the connection is known by */
export function createHub (platform: Platform, transport: Transport, origin: string): Hub {
  const sinks = new Set<Sink>()
  const waiting = new Set<() => void>()
  let status: Status = IDLE
  let line: Line | undefined
  let open: Open | undefined
  let openedAt = 0
  let cursor: string | undefined
  let user: string | null = null
  let failures = 0
  let notBefore = 0
  let serverDelay = 0
  let holds = 0
  let connectHold: Cancel | undefined
  let retry: Cancel | undefined
  let linger: Cancel | undefined
  let unlisten: Cancel | undefined

  const lane = createJoinLane(platform, {
    refused (ref, code) {
      const group = memberships.refused(ref)
      if (group) deliver(group, leftMessage(group, code))
    },
    unknown: () => lost(failure('ended'))
  })
  const memberships = createMemberships(platform, lane, settle)
  const watchdog = createWatchdog(platform, () => lost(failure('silence')))
  const send = createSender(platform, {
    opened,
    redial (unknown) {
      if (open === unknown) lost(failure('ended'))
    },
    hold
  })

  async function opened (): Promise<Open> {
    if (open) return open
    if (status.state === 'closed') throw failure('FST_REALTIME_CLOSED', status.reason)
    await new Promise<void>((resolve) => waiting.add(resolve))
    return opened()
  }

  function become (next: Status): void {
    status = Object.freeze(next)
    for (const resolve of waiting) resolve()
    waiting.clear()
    for (const sink of sinks) sink.status(status)
  }

  function deliver (group: string, message: WireMessage): void {
    for (const sink of memberships.sinks(group)) sink.message(message)
  }

  function hold (): Cancel {
    let held = true
    holds++
    settle()
    return () => {
      if (!held) return
      held = false
      holds--
      settle()
    }
  }

  function wanted (): boolean {
    return memberships.size + holds > 0
  }

  /** Begins or ends a connection, as what is wanted has it. */
  function settle (): void {
    if (status.state === 'closed') return
    if (wanted()) {
      linger?.()
      linger = undefined
      if (status.state === 'idle') start()
    } else if (status.state !== 'idle') {
      linger ??= platform.after(LINGER, () => {
        cursor = undefined
        stop(IDLE)
      })
    }
  }

  function start (): void {
    failures = 0
    unlisten = platform.listen({ wake, suspend })
    retry = platform.after(0, dial)
    become({ state: 'connecting' })
  }

  function stop (next: Status): void {
    hangUp()
    linger?.()
    unlisten?.()
    linger = unlisten = undefined
    become(next)
  }

  function hangUp (): void {
    retry?.()
    watchdog.stop()
    line?.close()
    lane.close()
    memberships.lost()
    retry = line = open = undefined
  }

  function dial (): void {
    retry = undefined
    serverDelay = 0
    watchdog.watch(DEFAULT_SILENCE)
    const mine: Line = line = transport.dial({ groups: memberships.dialable(cursor), origin, cursor, user }, {
      heard: () => line === mine && watchdog.heard(),
      received: (frame) => line === mine && received(frame),
      lost: (problem) => line === mine && lost(problem)
    })
    memberships.dialled(mine.groups, cursor)
  }

  function received ({ cursor: reached, message }: Frame): void {
    if (reached) cursor = reached
    const data = message.data as GroupNews
    switch (message.event) {
      case 'realtime:open': return welcome(message.data as Opening)
      case 'realtime:close': return closing(message.data as Closing)
      case 'realtime:joined':
        if (memberships.joined(data.group, data.ref)) deliver(data.group, joinedMessage(data.group, data.resumed === true))
        return
      case 'realtime:gap': return deliver(data.group, message)
      case 'realtime:left':
        // This client's own doing: by now the group may be wanted again.
        if (data.reason === 'unsubscribed') return
        memberships.left(data.group, cursor)
        return deliver(data.group, message)
      default:
        if (message.group !== undefined) deliver(message.group, message)
    }
  }

  function welcome (opening: Opening): void {
    if (!line) return
    const mine = open = { line, session: opening }
    openedAt = platform.now()
    user = opening.user
    watchdog.watch(opening.heartbeat > 0 ? 2.5 * opening.heartbeat : DEFAULT_SILENCE)
    lane.open(line, opening)
    memberships.opened(line.groups, opening.refused, cursor)
    become({ state: 'connected', connection: opening.connection, user })
    for (const group of memberships.live()) {
      if (open === mine) deliver(group, joinedMessage(group, opening.resumed))
    }
    for (const group of opening.refused) {
      if (open === mine) deliver(group, leftMessage(group, 'FST_REALTIME_FORBIDDEN'))
    }
  }

  function closing ({ reason, retry, delay }: Closing): void {
    if (!retry) return stop({ state: 'closed', reason })
    serverDelay = delay
  }

  function lost (problem: Failure): void {
    if (open && platform.now() - openedAt >= HEALTHY_AFTER) failures = 0
    hangUp()
    if (isRefusal(problem.status) || problem.status === 404) return stop({ state: 'closed', reason: problem.code })
    const floor = problem.floor ?? serverDelay
    const attempt = ++failures
    const offline = !platform.online()
    notBefore = platform.now() + retryDelay(0, 0, floor)
    const delay = offline ? OFFLINE_RETRY : retryDelay(attempt - 1, platform.random(), floor)
    retry = platform.after(delay, dial)
    become({ state: offline ? 'offline' : 'reconnecting', attempt, nextRetryAt: platform.now() + delay, reason: problem.code })
  }

  /** Tries at once what is waited for, but never before the server wants it. */
  function wake (): void {
    if (line && (open ? watchdog.overdue() : watchdog.silence() > STUCK_AFTER)) lost(failure('silence'))
    if (line || (status.state !== 'reconnecting' && status.state !== 'offline')) return
    failures = 0
    retry?.()
    const delay = Math.max(0, notBefore - platform.now())
    retry = platform.after(delay, dial)
    become({ state: 'reconnecting', attempt: 1, nextRetryAt: platform.now() + delay, reason: status.reason })
  }

  function suspend (): void {
    if (!unlisten) return
    hangUp()
    become({ state: 'reconnecting', attempt: 1, nextRetryAt: null, reason: 'suspended' })
  }

  return {
    attach (sink) {
      sinks.add(sink)
      return {
        get status () {
          return status
        },
        join: (group) => memberships.join(sink, group),
        isLive: (group) => memberships.live().includes(group),
        leave: (group) => memberships.leave(sink, group),
        send,
        opened,
        hold,
        connect () {
          if (status.state === 'closed') status = IDLE
          else wake()
          connectHold ??= hold()
          settle()
        },
        close () {
          connectHold?.()
          connectHold = undefined
          stop({ state: 'closed', reason: 'client' })
        }
      }
    }
  }
}
