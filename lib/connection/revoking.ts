import { errors } from '../errors.ts'
import { isGroupName, quoted } from '../protocol/names.ts'
import type { Connection } from './connection.ts'
import type { Context } from './context.ts'
import { leaveGroup } from './joining.ts'
import type { Revoked } from './revocations.ts'

/** So many connections are rechecked at the same time. */
const RECHECKS_AT_ONCE = 20

/**
 * Drops memberships, or closes connections where no group is named, after what
 * was sent before. Once it resolves, nothing more is written to them: also not by
 * a join or a handshake that was being checked meanwhile.
 *
 * @throws BadGroup
 */
export async function revoke (context: Context, revoked: Revoked): Promise<void> {
  const { group } = revoked
  if (group !== undefined && !isGroupName(group)) throw new errors.BadGroup(quoted(group))
  context.revocations.note(revoked)
  const connections = matching(context, revoked)
  await context.groups.boundary()
  for (const connection of connections) {
    if (group === undefined) connection.close('revoked')
    else leaveGroup(context, connection, group, 'revoked')
  }
  await context.groups.boundary()
}

/** Asks `canJoin` again for memberships that it gave or is giving, and drops those it refuses now. */
export async function recheck (context: Context, which: { user?: string | undefined, group?: string | undefined }): Promise<void> {
  context.revocations.noteRecheck(which)
  const connections = matching(context, which)
  for (let i = 0; i < connections.length; i += RECHECKS_AT_ONCE) {
    await Promise.all(connections.slice(i, i + RECHECKS_AT_ONCE).map(async (connection) => { await recheckOne(context, connection, which.group) }))
  }
  await context.groups.boundary()
}

/** Rechecks every connection each `interval` milliseconds, but for the turns at which the last recheck is still under way. */
export function recheckEvery (context: Context, interval: number): NodeJS.Timeout {
  let isUnderWay = false
  return setInterval(() => {
    if (isUnderWay) return
    isUnderWay = true
    recheck(context, {})
      .catch((error: unknown) => { context.log.error({ err: error }, 'a recheck failed') })
      .finally(() => { isUnderWay = false })
  }, interval).unref()
}

async function recheckOne (context: Context, connection: Connection, only: string | undefined): Promise<void> {
  const groups = connection.places
    .filter(({ granted, membership: { group } }) => !granted && (only === undefined || group === only))
    .map(({ membership }) => membership.group)
  const answers = await context.policy.canJoinEach(connection.identity, groups, undefined, () => connection.state === 'open')
  for (const [i, group] of groups.entries()) {
    if (answers[i] === false && connection.place(group)?.granted === false) leaveGroup(context, connection, group, 'revoked')
  }
}

function matching (context: Context, { user, group, connection }: Revoked): Connection[] {
  if (connection !== undefined) {
    const one = context.registry.get(connection)
    return one !== undefined && (user === undefined || one.identity.user === user) ? [one] : []
  }
  if (user !== undefined) return [...context.registry.ofUser(user)]
  if (group !== undefined) return context.groups.members(group).map(({ receiver }) => receiver as Connection)
  return [...context.registry]
}
