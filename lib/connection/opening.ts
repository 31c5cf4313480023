import { randomBytes } from 'node:crypto'
import type { Identity } from '../../types/identity.ts'
import type { Transport } from '../../types/transport.ts'
import { gapReason } from '../log/recovery.ts'
import { EVERYONE, userGroup } from '../protocol/names.ts'
import { gapMessage, openMessage, tickMessage } from '../protocol/system.ts'
import { Bucket } from './bucket.ts'
import { Connection } from './connection.ts'
import type { Context } from './context.ts'
import { enter } from './joining.ts'
import { opened } from './life.ts'
import type { Claim } from './revocations.ts'
import type { Seat } from './seat.ts'

/** What a handshake came to. */
export interface Handshake {
  readonly identity: Identity
  readonly seat: Seat
  /** Keeps what was allowed from outliving its revocation; released when the connection is open. */
  readonly claim: Claim
  /** The groups to join. */
  readonly groups: readonly string[]
  /** Whether the server chose the groups itself: then `canJoin` was not asked, nor will be. */
  readonly granted: boolean
  /** The groups that `canJoin` refused, where the client takes part of what it asked for. */
  readonly refused: readonly string[]
  /** The cursor the client presents, whatever it is. */
  readonly after: string | undefined
  /** The user that cursor was issued for, where the client says so. */
  readonly issuedFor: string | undefined
  readonly origin: string | undefined
  readonly commands: boolean
  /** Takes text frames instead of commands. */
  readonly onText?: (text: string) => void
}

/**
 * Makes a connection of a handshake and a line. At the next boundary it joins its
 * groups and is told `realtime:open`, a gap for each group where it presented a
 * cursor, and then whatever comes. `ready` is called when that is done, or the
 * line is gone: at once where nothing is under way.
 */
export function openConnection (context: Context, transport: Transport, handshake: Handshake, ready?: (connection: Connection) => void): void {
  const { identity, seat, origin, commands } = handshake
  const connection = new Connection({
    id: randomBytes(12).toString('base64url'),
    token: randomBytes(18).toString('base64url'),
    identity,
    origin,
    transport,
    commands,
    bucket: new Bucket(context.limits.messagesPerSecond, Date.now()),
    seat,
    presented: handshake.after,
    onText: handshake.onText
  }, context)
  context.registry.add(connection)
  transport.attach(connection)
  context.groups.atBoundary(() => {
    if (connection.state === 'opening') begin(context, connection, handshake)
    handshake.claim.release()
    ready?.(connection)
  })
}

function begin (context: Context, connection: Connection, handshake: Handshake): void {
  const { user } = connection.identity
  const { claim } = handshake
  if (claim.revoked(user, connection.id, undefined)) {
    connection.close('revoked')
    return
  }
  const groups = handshake.groups.filter((group) => !claim.revoked(user, connection.id, group))
  const refused = groups.length === handshake.groups.length
    ? handshake.refused
    : [...handshake.refused, ...handshake.groups.filter((group) => !groups.includes(group))]
  const { position } = context.groups
  const opening = openMessage({
    connection: connection.id,
    token: connection.token,
    user,
    groups,
    refused,
    resumed: false,
    heartbeat: context.heartbeat.interval
  }, handshake.after === undefined ? position : null)

  connection.state = 'open'
  enter(context, connection, EVERYONE, true)
  if (user !== null) enter(context, connection, userGroup(user), true)
  for (const group of groups) enter(context, connection, group, handshake.granted)
  if (handshake.after === undefined) {
    connection.tell(opening)
  } else {
    const reason = gapReason(handshake.after, position)
    const gaps = connection.places.map(({ membership: { group } }) => gapMessage(group, isForeign(group, handshake) ? 'identity' : reason))
    context.counters.gaps += gaps.length
    connection.tell(opening, ...gaps, tickMessage(position))
  }
  opened(context, connection)
}

/** Whether `group` is the user's own and the cursor was issued for somebody else. */
function isForeign (group: string, { issuedFor, identity }: Handshake): boolean {
  return issuedFor !== undefined && issuedFor !== (identity.user ?? '') && identity.user !== null && group === userGroup(identity.user)
}
