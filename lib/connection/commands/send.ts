import { errors } from '../../errors.ts'
import type { SendCommand } from '../../protocol/command.ts'
import { isEventName, isGroupName, quoted } from '../../protocol/names.ts'
import type { Connection } from '../connection.ts'
import type { Outcome } from './outcome.ts'

/** What clients may send has to be declared; nothing is, so every event is refused, each for its own reason. */
export function send (connection: Connection, { group, event }: SendCommand): Outcome {
  if (!isGroupName(group)) throw new errors.BadGroup(quoted(group))
  if (!isEventName(event)) throw new errors.BadEvent(quoted(event))
  if (connection.place(group) === undefined) throw new errors.NotMember(quoted(group))
  throw new errors.UndeclaredEvent(event)
}
