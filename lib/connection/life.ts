import type { Connection } from './connection.ts'
import type { Context } from './context.ts'
import { namedGroups } from './handle.ts'

/** A connection has been told `realtime:open`. */
export function opened (context: Context, connection: Connection): void {
  context.heartbeat.add(connection)
  context.observers.connected(() => context.handle(connection))
  for (const group of namedGroups(connection)) joined(context, connection, group)
}

export function joined (context: Context, connection: Connection, group: string): void {
  context.observers.joined(() => context.handle(connection), group)
}

export function left (context: Context, connection: Connection, group: string): void {
  context.observers.left(() => context.handle(connection), group)
}

/** The line of a connection is gone: nothing of it is kept. */
export function gone (context: Context, connection: Connection, wasOpen: boolean): void {
  context.registry.remove(connection)
  context.heartbeat.remove(connection)
  context.backlog.leave(connection)
  context.goodbyes.done(connection)
  const groups = namedGroups(connection)
  for (const { membership } of connection.places) context.groups.leave(membership)
  connection.places.length = 0
  connection.joining?.clear()
  if (!wasOpen) return
  for (const group of groups) left(context, connection, group)
  context.observers.disconnected(() => context.handle(connection))
}
