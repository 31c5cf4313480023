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
  const { identity } = connection
  checkRoom(context, connection, group)
  const claim = context.revocations.claim()
  const joining = connection.joining ??= new Map<string, symbol>()
  const mine = Symbol(group)
  joining.set(group, mine)
  const called = (): boolean => joining.get(group) === mine && connection.state === 'open' && !claim.revoked(identity.user, connection.id, group)
  let allowed = false
  try {
    allowed = await context.policy.canJoin(identity, group, request) && called()
    if (!allowed) throw new errors.Forbidden(`to join ${quoted(group)}`)
  } finally {
    if (!allowed) {
      claim.release()
      if (joining.get(group) === mine) joining.delete(group)
    }
  }
  return () => {
    context.groups.atBoundary(() => {
      if (called()) completeJoin(context, connection, join, false)
      else if (connection.state === 'open') connection.tell(leftMessage(group, joining.has(group) ? 'revoked' : 'unsubscribed'))
      if (joining.get(group) === mine) joining.delete(group)
      claim.release()
    })
  }
}

/** Joins by the server's own word, which `canJoin` is not asked about. Resolves when it is in effect. */
export async function grantJoin (context: Context, connection: Connection, join: Join): Promise<void> {
  checkRoom(context, connection, join.group)
  await context.groups.boundary()
  if (connection.state !== 'open') throw new errors.NotFound(connection.id)
  completeJoin(context, connection, join, true)
}

/** Takes a connection out of a group, and tells it why. Returns whether it was in. */
export function leaveGroup (context: Context, connection: Connection, group: string, reason: LeaveReason): boolean {
  connection.joining?.delete(group)
  const index = connection.places.findIndex(({ membership }) => membership.group === group)
  if (index < 0) return false
  const [place] = connection.places.splice(index, 1)
  context.groups.leave(place!.membership)
  context.groups.atBoundary(() => { connection.tell(leftMessage(group, reason)) })
  left(context, connection, group)
  return true
}

function checkRoom (context: Context, connection: Connection, group: string): void {
  if (!isGroupName(group)) throw new errors.BadGroup(quoted(group))
  const { maxGroupsPerConnection } = context.limits
  const groups = namedGroups(connection).length + (connection.joining?.size ?? 0)
  if (groups >= maxGroupsPerConnection && connection.place(group) === undefined) throw new errors.TooManyGroups(maxGroupsPerConnection)
}

function completeJoin (context: Context, connection: Connection, join: Join, granted: boolean): void {
  const { group, after, ref } = join
  const { position } = context.groups
  const isNew = connection.place(group) === undefined
  if (isNew) enter(context, connection, group, granted)
  const message = joinedMessage({ ref, group, view: null, cursor: position, resumed: false })
  if (after === undefined) {
    connection.tell(message)
  } else {
    context.counters.gaps++
    connection.tell(gapMessage(group, gapReason(after, position)), message)
  }
  if (isNew) joined(context, connection, group)
}
