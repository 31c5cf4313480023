/**
 * The grammar of names: refused where they do not fit, never normalised.
 * Nothing here needs Node.
 */

const GROUP = /^[A-Za-z0-9_.:/+=~-][A-Za-z0-9_.:@/+=~-]{0,199}$/
const EVENT = /^[A-Za-z0-9_.:/-]{1,100}$/
const ORIGIN_TAG = /^[A-Za-z0-9_-]{1,64}$/
const RESERVED_EVENT = /^(?:gap|open|error)$|^(?:realtime|presence):/
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const LONE_SURROGATE = /\p{Surrogate}/u

/** The group that every connection is in. */
export const EVERYONE = '@all'

/** The `group` of what is sent to one connection. */
export const ONE_CONNECTION = '@connection'

/**
 * A group that apps and clients may name: 1 to 200 of `A-Za-z0-9_.:@/+=~-`,
 * not beginning with `@`, which is the plugin's.
 */
export function isGroupName (name: unknown): name is string {
  return typeof name === 'string' && GROUP.test(name)
}

/** An event that an app may send: 1 to 100 of `A-Za-z0-9_.:/-`, and not one of the plugin's own. */
export function isEventName (name: unknown): name is string {
  return typeof name === 'string' && EVENT.test(name) && !RESERVED_EVENT.test(name)
}

/** The public tag of a browser tab: 1 to 64 of `A-Za-z0-9_-`. */
export function isOriginTag (tag: unknown): tag is string {
  return typeof tag === 'string' && ORIGIN_TAG.test(tag)
}

/** A user id as a string: 1 to 200 characters, well-formed, without control characters. */
export function isUserId (id: unknown): id is string {
  return typeof id === 'string' && id.length >= 1 && id.length <= 200 && !CONTROL.test(id) && !LONE_SURROGATE.test(id)
}

/** The group of all connections of one user. */
export function userGroup (user: string): string {
  return `@user:${user}`
}

/** A name as it may stand in an error text or a log line: shortened, quoted, escaped. */
export function quoted (value: unknown): string {
  let text: string
  try {
    text = JSON.stringify(value) ?? String(value)
  } catch {
    text = typeof value
  }
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
