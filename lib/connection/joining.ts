import type { FastifyRequest } from 'fastify'
import type { LeaveReason } from '../../types/reasons.ts'
import { errors } from '../errors.ts'
import { gapReason } from '../log/recovery.ts'
import { isGroupName, quoted } from '../protocol/names.ts'
import { gapMessage, joinedMessage, leftMessage } from '../protocol/system.ts'
import type { Connection } from './connection.ts'
import type { Context } from './context.ts'
import { namedGroups } from './handle.ts'
import { joined, left } from './life.ts'

/** So many joins beyond `maxGroupsPerConnection` may be under way: a connection that is behind completes none, and each takes memory. */
const SPARE_ATTEMPTS = 100

/** Puts a connection into a group. Only at a boundary. */
export function enter (context: Context, connection: Connection, group: string, granted: boolean): void {
  connection.places.push({ membership: context.groups.join(connection, group), granted })
}

/** What to do about a join, once it is allowed. */
export interface Join {
  readonly group: string
  /** The cursor the client presents for this group, whatever it is. */
  readonly after: string | undefined
  /** The command's, for `realtime:joined`; `null` where the server joins. */
  readonly ref: number | null
}

/**
 * Asks whether a connection may join a group while it is open. Resolves with what
 * completes the join at the next boundary, so that the caller can answer first.
 *
 * @throws BadGroup, TooManyGroups, Forbidden
 */
export async function checkJoin (context: Context, connection: Connection, join: Join, request: FastifyRequest | undefined): Promise<() => void> {
  const { group } = join
  checkRoom(context, connection, group)
  const attempt = begin(context, connection, group)
  let allowed = false
  try {
    allowed = await context.policy.canJoin(connection.identity, group, request) && attempt.calledOff === undefined
    if (!allowed) throw new errors.Forbidden(`to join ${quoted(group)}`)
  } finally {
    if (!allowed) attempt.end()
  }
  return () => { complete(context, connection, join, attempt) }
}

/** Joins at the next boundary. Where rights were rechecked since `canJoin` was asked, it is asked once more. */
function complete (context: Context, connection: Connection, join: Join, attempt: Attempt): void {
  const { group } = join
  whenSettled(context, connection, () => {
    const { calledOff } = attempt
    if (calledOff === undefined && attempt.isOutdated) {
      attempt.askAgain()
      context.policy.canJoin(connection.identity, group).then((isAllowed) => {
        if (!isAllowed) attempt.refuse()
        complete(context, connection, join, attempt)
      }, () => {})
      return
    }
    if (calledOff === undefined) completeJoin(context, connection, join, false)
    else if (connection.state === 'open' && connection.place(group) === undefined) connection.tell(leftMessage(group, calledOff))
    attempt.end()
  })
}

/**
 * Joins by the server's own word, which `canJoin` is not asked about. Resolves when
 * it is in effect. A client that came with a cursor is told of the group from there
 * on, unless `join` says otherwise.
 *
 * @throws BadGroup, TooManyGroups, NotFound where the line is gone, Forbidden where
 *   it was taken back meanwhile
 */
export async function grantJoin (context: Context, connection: Connection, join: Join): Promise<void> {
  const { group } = join
  checkRoom(context, connection, group)
  const attempt = begin(context, connection, group)
  await new Promise<void>((resolve) => { whenSettled(context, connection, resolve) })
  const { calledOff } = attempt
  attempt.end()
  if (connection.state !== 'open') throw new errors.NotFound(connection.id)
  if (calledOff !== undefined) throw new errors.Forbidden(`to join ${quoted(group)}`)
  completeJoin(context, connection, { ...join, after: join.after ?? connection.presented }, true)
}

/** A join under way. */
interface Attempt {
  /** Why it must not be completed, if so. */
  readonly calledOff: LeaveReason | undefined
  /** Whether `canJoin` has to be asked once more. */
  readonly isOutdated: boolean
  askAgain (): void
  /** `canJoin` takes back what it said. */
  refuse (): void
  /** To be called once, when it is completed or given up. */
  end (): void
}

function begin (context: Context, connection: Connection, group: string): Attempt {
  const { identity: { user }, id } = connection
  const claim = context.revocations.claim()
  const joining = connection.joining ??= new Map<string, { attempts: number }>()
  const mine = joining.get(group) ?? { attempts: 0 }
  mine.attempts++
  connection.attempts++
  joining.set(group, mine)
  let isRefused = false
  return {
    get isOutdated () { return claim.outdated(user, group) },
    askAgain () { claim.askAgain() },
    refuse () { isRefused = true },
    get calledOff () {
      if (isRefused || claim.revoked(user, id, group)) return 'revoked'
      return joining.get(group) === mine && connection.state === 'open' ? undefined : 'unsubscribed'
    },
    end () {
      connection.attempts--
      if (--mine.attempts === 0 && joining.get(group) === mine) joining.delete(group)
      claim.release()
    }
  }
}

/** Takes a connection out of a group, calls off its joins that are under way, and tells it why. */
export function leaveGroup (context: Context, connection: Connection, group: string, reason: LeaveReason): void {
  dropGroup(context, connection, group, reason)()
}

/**
 * As {@link leaveGroup}, at once, but for the telling: that is what it returns, so
 * that a reply can go first.
 */
export function dropGroup (context: Context, connection: Connection, group: string, reason: LeaveReason): () => void {
  connection.joining?.delete(group)
  const index = connection.places.findIndex(({ membership }) => membership.group === group)
  if (index < 0) return () => {}
  const [place] = connection.places.splice(index, 1)
  context.groups.leave(place!.membership)
  context.groups.atBoundary(() => { context.backlog.forget(connection, group) })
  left(context, connection, group)
  return () => {
    context.groups.atBoundary(() => { connection.tell(leftMessage(group, reason)) })
  }
}

function checkRoom (context: Context, connection: Connection, group: string): void {
  if (!isGroupName(group)) throw new errors.BadGroup(quoted(group))
  const { maxGroupsPerConnection } = context.limits
  const groups = namedGroups(connection).length + (connection.joining?.size ?? 0)
  const isFull = groups >= maxGroupsPerConnection && connection.place(group) === undefined
  if (isFull || connection.attempts >= maxGroupsPerConnection + SPARE_ATTEMPTS) throw new errors.TooManyGroups(maxGroupsPerConnection)
}

/** Runs `action` at a boundary at which the connection has been told all there is. */
function whenSettled (context: Context, connection: Connection, action: () => void): void {
  context.groups.atBoundary(() => { connection.whenCaughtUp(action) })
}

function completeJoin (context: Context, connection: Connection, join: Join, granted: boolean): void {
  const { group, after, ref } = join
  const { position } = context.groups
  const place = connection.place(group)
  const isNew = place === undefined
  if (isNew) enter(context, connection, group, granted)
  else if (granted) place.granted = true
  const message = joinedMessage({ ref, group, view: null, cursor: position, resumed: false })
  if (after === undefined) {
    connection.tell(message)
  } else {
    context.counters.gaps++
    connection.tell(gapMessage(group, gapReason(after, position)), message)
  }
  if (isNew) joined(context, connection, group)
}
