import { Type, type Static } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { errors } from '../errors.ts'

/** How deeply the JSON of one command may nest. */
export const MAX_DEPTH = 64

const closed = { additionalProperties: false } as const
const ref = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const group = Type.String({ minLength: 1, maxLength: 200 })
const event = Type.String({ minLength: 1, maxLength: 100 })

const Subscribe = Type.Object({
  ref,
  type: Type.Literal('subscribe'),
  group,
  after: Type.Optional(Type.String()),
  where: Type.Optional(Type.Object({})),
  events: Type.Optional(Type.Array(event, { minItems: 1, maxItems: 100 }))
}, closed)

const Unsubscribe = Type.Object({
  ref,
  type: Type.Literal('unsubscribe'),
  group,
  view: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()]))
}, closed)

const Send = Type.Object({
  ref,
  type: Type.Literal('send'),
  id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  group,
  event,
  data: Type.Unknown()
}, closed)

const Ping = Type.Object({ ref, type: Type.Literal('ping') }, closed)
const Renew = Type.Object({ ref, type: Type.Literal('renew'), token: Type.String({ minLength: 1 }) }, closed)
const Close = Type.Object({ ref, type: Type.Literal('close') }, closed)

const schemas = { subscribe: Subscribe, unsubscribe: Unsubscribe, send: Send, ping: Ping, renew: Renew, close: Close }

const checks = new Map(Object.entries(schemas).map(([type, schema]) => [type, TypeCompiler.Compile(schema)]))

export type SubscribeCommand = Static<typeof Subscribe>
export type UnsubscribeCommand = Static<typeof Unsubscribe>
export type SendCommand = Static<typeof Send>
export type RenewCommand = Static<typeof Renew>

/** What a client may ask, one JSON value each. */
export type Command = SubscribeCommand | UnsubscribeCommand | SendCommand | RenewCommand | Static<typeof Ping> | Static<typeof Close>

/** The answer to a command; `ref` is `null` where the command's own could not be read. */
export type Reply =
  | { ref: number | null, ok: true, data: unknown }
  | { ref: number | null, ok: false, error: { code: string, message: string } }

/**
 * Parses JSON that came over the wire.
 *
 * @throws Malformed for what is not JSON, or nests deeper than {@link MAX_DEPTH}
 */
export function parseJson (text: string): unknown {
  if (nestsTooDeep(text)) throw new errors.Malformed(`nested deeper than ${MAX_DEPTH}`)
  try {
    return JSON.parse(text)
  } catch {
    throw new errors.Malformed('not JSON')
  }
}

/**
 * Checks a parsed value against the closed schema of its type: no coercion, no
 * unknown member, `__proto__` included.
 *
 * @throws Malformed
 */
export function checkCommand (value: unknown): Command {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new errors.Malformed('a command is one JSON object')
  const type = (value as { type?: unknown }).type
  const check = typeof type === 'string' ? checks.get(type) : undefined
  if (check === undefined) throw new errors.Malformed('unknown command type')
  if (!check.Check(value)) {
    const first = check.Errors(value).First()
    throw new errors.Malformed(first === undefined ? 'not of the command\'s form' : `${first.path.slice(0, 80) || 'command'}: ${first.message}`)
  }
  return value as Command
}

/** The `ref` of what may not even be a command, for the error reply. */
export function refOf (value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null
  const { ref } = value as { ref?: unknown }
  return Number.isSafeInteger(ref) && (ref as number) >= 0 ? ref as number : null
}

function nestsTooDeep (text: string): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === 0x5c) i++
      else if (char === 0x22) inString = false
    } else if (char === 0x22) {
      inString = true
    } else if (char === 0x7b || char === 0x5b) {
      if (++depth > MAX_DEPTH) return true
    } else if (char === 0x7d || char === 0x5d) {
      depth--
    }
  }
  return false
}
