import { errors } from '../../errors.ts'
import type { UnsubscribeCommand } from '../../protocol/command.ts'
import { isGroupName, quoted } from '../../protocol/names.ts'
import type { Connection } from '../connection.ts'
import type { Context } from '../context.ts'
import { dropGroup } from '../joining.ts'
import type { Outcome } from './outcome.ts'

/** Leaves a group, and calls off a join of it that is under way. Leaving what one is not in is fine. */
export function unsubscribe (context: Context, connection: Connection, { group, view }: UnsubscribeCommand): Outcome {
  if (!isGroupName(group)) throw new errors.BadGroup(quoted(group))
  const isUnfiltered = view === undefined || view === null
  return isUnfiltered
    ? { data: {}, complete: dropGroup(context, connection, group, 'unsubscribed') }
    : { data: {} }
}
