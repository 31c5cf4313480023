import createError from '@fastify/error'

/**
 * Every error this plugin raises, over the API, HTTP and the wire alike. The
 * `code` is the contract, the status is what HTTP answers; messages may change.
 * docs/errors.md explains each.
 */
export const errors = {
  InvalidOption: createError('FST_REALTIME_INVALID_OPTION', 'option "%s" is %s: %s', 500),
  BadGroup: createError('FST_REALTIME_BAD_GROUP', 'not a group name: %s', 400),
  BadEvent: createError('FST_REALTIME_BAD_EVENT', 'not an event name that may be sent: %s', 400),
  BadUser: createError('FST_REALTIME_BAD_USER', 'not a user id: %s', 400),
  BadData: createError('FST_REALTIME_BAD_DATA', 'data cannot be sent as JSON: %s', 400),
  BadOriginTag: createError('FST_REALTIME_BAD_ORIGIN_TAG', 'not an origin tag: %s', 400),
  TooLarge: createError('FST_REALTIME_TOO_LARGE', '%s bytes are more than %s allows: %s', 413),
  Malformed: createError('FST_REALTIME_MALFORMED', 'malformed: %s', 400),
  TooManyGroups: createError('FST_REALTIME_TOO_MANY_GROUPS', 'more groups than limits.maxGroupsPerConnection allows: %s', 400),
  TooManyCommands: createError('FST_REALTIME_TOO_MANY_COMMANDS', 'more commands in one request than %s', 400),
  UnsupportedFilter: createError('FST_REALTIME_UNSUPPORTED_FILTER', 'a subscription cannot be narrowed by %s', 400),
  ForeignOrigin: createError('FST_REALTIME_FOREIGN_ORIGIN', 'requests from %s are not accepted by %s', 403),
  Unauthenticated: createError('FST_REALTIME_UNAUTHENTICATED', 'not signed in: %s', 401),
  Forbidden: createError('FST_REALTIME_FORBIDDEN', 'not allowed: %s', 403),
  NotMember: createError('FST_REALTIME_NOT_MEMBER', 'not a member of %s', 403),
  UndeclaredEvent: createError('FST_REALTIME_UNDECLARED_EVENT', 'clients may not send "%s"', 403),
  WrongToken: createError('FST_REALTIME_WRONG_TOKEN', 'the realtime-token header does not belong to this connection and user', 403),
  NotFound: createError('FST_REALTIME_NOT_FOUND', 'no such connection: %s', 404),
  UpgradeRequired: createError('FST_REALTIME_UPGRADE_REQUIRED', 'this route speaks WebSocket over HTTP/1.1: %s', 426),
  TooManyConnections: createError('FST_REALTIME_TOO_MANY_CONNECTIONS', 'more connections than limits.%s allows: %s', 429),
  TooManyMessages: createError('FST_REALTIME_TOO_MANY_MESSAGES', 'more messages than limits.messagesPerSecond allows: %s', 429),
  HookFailed: createError('FST_REALTIME_HOOK_FAILED', 'the %s hook failed', 500),
  HookTimeout: createError('FST_REALTIME_HOOK_TIMEOUT', 'the %s hook took longer than limits.hookTimeout: %s ms', 503),
  HandshakeTimeout: createError('FST_REALTIME_HANDSHAKE_TIMEOUT', 'the handshake took longer than limits.handshakeTimeout: %s ms', 503),
  OverCapacity: createError('FST_REALTIME_OVER_CAPACITY', 'more connections than limits.maxConnections allows: %s', 503),
  Closing: createError('FST_REALTIME_CLOSING', 'the server is shutting down', 503),
  Closed: createError('FST_REALTIME_CLOSED', 'the server has shut down', 503),
  ListenerBehind: createError('FST_REALTIME_LISTENER_BEHIND', 'listen() was left %s messages behind', 500)
} as const

/** What refusals add to an error: the groups refused, or the seconds after which a retry may help. */
export interface Refusal {
  readonly refused?: readonly string[]
  readonly retryAfter?: number
}

/** An error of the table, with the particulars of a refusal. */
export function refuse<E extends Error> (error: E, particulars: Refusal): E & Refusal {
  return Object.assign(error, particulars)
}

/** How an error reads on the wire: its code and message, or a blank one for what is not ours to show. */
export function wireError (error: unknown): { code: string, message: string } {
  const { code, message } = error as { code?: unknown, message?: unknown }
  if (typeof code === 'string' && code.startsWith('FST_REALTIME_') && typeof message === 'string') return { code, message }
  return { code: 'FST_REALTIME_HOOK_FAILED', message: 'the server failed to answer' }
}
