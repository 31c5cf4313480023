import { Type, type TSchema } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import type { FastifyRequest, preHandlerHookHandler } from 'fastify'
import type { IdentityResult } from '../types/identity.ts'
import type { CanJoin, Limits, RealtimeOptions } from '../types/options.ts'
import { errors } from './errors.ts'
import { compileModels, type CompiledExposure } from './models/exposure.ts'
import { quoted } from './protocol/names.ts'

const KIB = 1_024
const count = (minimum: number): TSchema => Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER, allowed: `a whole number of at least ${minimum}` })
const milliseconds = (minimum: number): TSchema => Type.Integer({ minimum, maximum: 2_147_483_647, allowed: `whole milliseconds, at least ${minimum}` })
const hook = Type.Function([], Type.Unknown(), { allowed: 'a function' })

const limits = {
  maxConnections: count(1),
  maxConnectionsPerUser: count(1),
  maxConnectionsPerAddress: count(0),
  maxGroupsPerConnection: count(1),
  maxMessageBytes: count(1),
  maxEventBytes: count(1),
  messagesPerSecond: count(1),
  maxBufferedBytes: count(1),
  maxLag: milliseconds(1),
  hookTimeout: milliseconds(1),
  handshakeTimeout: milliseconds(1)
}

const options = {
  prefix: Type.String({ pattern: '^(?:/[A-Za-z0-9._~-]+)+$', allowed: 'a path such as /realtime' }),
  decorator: Type.String({ pattern: '^[A-Za-z_$][A-Za-z0-9_$]*$', allowed: 'an identifier' }),
  preHandler: Type.Union([hook, Type.Array(hook)], { allowed: 'a hook, or an array of hooks' }),
  identify: hook,
  canJoin: hook,
  recheckInterval: milliseconds(0),
  origins: Type.Array(Type.String({ pattern: '^https?://[^/\\s,@*]+$' }), { allowed: 'an array of origins such as https://www.example.com' }),
  models: Type.Object({}, { allowed: 'exposures by model name' }),
  heartbeat: milliseconds(10),
  drainTimeout: milliseconds(0),
  reconnectSpread: milliseconds(0),
  limits: Type.Partial(Type.Object(limits, { additionalProperties: false }), { allowed: `an object of ${Object.keys(limits).join(', ')}` })
}

const check = TypeCompiler.Compile(Type.Partial(Type.Object(options, { additionalProperties: false })))

/** The options with their defaults filled in. */
export interface Settings {
  readonly prefix: string
  readonly decorator: string
  readonly preHandler: readonly preHandlerHookHandler[]
  readonly identify: (request: FastifyRequest) => IdentityResult | Promise<IdentityResult>
  readonly canJoin: CanJoin
  readonly recheckInterval: number
  readonly origins: ReadonlySet<string>
  readonly models: ReadonlyMap<string, readonly CompiledExposure[]>
  readonly heartbeat: number
  readonly drainTimeout: number
  readonly reconnectSpread: number
  readonly limits: Limits
}

/**
 * Checks the options of a registration and fills in the defaults.
 *
 * @throws InvalidOption, which names the option, its value and what is allowed
 */
export function readOptions (given: RealtimeOptions): Settings {
  const known = defined(given)
  const first = check.Errors(known).First()
  if (first !== undefined) throw invalid(first.path, first.value, first.schema)
  const preHandler = given.preHandler ?? []
  return {
    prefix: given.prefix ?? '/realtime',
    decorator: given.decorator ?? 'realtime',
    preHandler: (Array.isArray(preHandler) ? preHandler : [preHandler]) as preHandlerHookHandler[],
    identify: given.identify ?? (() => null),
    canJoin: given.canJoin ?? (({ group }) => group.startsWith('public:')),
    recheckInterval: given.recheckInterval ?? 0,
    origins: new Set(given.origins),
    models: compileModels(given.models ?? {}),
    heartbeat: given.heartbeat ?? 15_000,
    drainTimeout: given.drainTimeout ?? 2_000,
    reconnectSpread: given.reconnectSpread ?? 5_000,
    limits: {
      maxConnections: 10_000,
      maxConnectionsPerUser: 100,
      maxConnectionsPerAddress: 0,
      maxGroupsPerConnection: 500,
      maxMessageBytes: 64 * KIB,
      maxEventBytes: 256 * KIB,
      messagesPerSecond: 50,
      maxBufferedBytes: 64 * KIB,
      maxLag: 30_000,
      hookTimeout: 5_000,
      handshakeTimeout: 10_000,
      ...defined(given.limits ?? {})
    }
  }
}

/** An option that is there but `undefined` is left out. */
function defined<T extends object> (given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>
}

function invalid (path: string, value: unknown, schema: TSchema): Error {
  const names = path.slice(1).split('/')
  const [name, inner] = names
  const shape: Record<string, TSchema> = name === 'limits' && inner !== undefined ? limits : options
  const known = shape[inner !== undefined && name === 'limits' ? inner : name ?? '']
  const allowed: unknown = known?.['allowed'] ?? schema['allowed'] ?? `the options are ${Object.keys(shape).join(', ')}`
  return new errors.InvalidOption(names.join('.'), known === undefined ? `${quoted(value)}, which is no option` : quoted(value), String(allowed))
}
