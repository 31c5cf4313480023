import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import type { IdentityResult } from './identity.ts'
import type { Models } from './model.ts'

/** What `canJoin` is asked. */
export interface JoinQuestion {
  /** `null` when anonymous. */
  readonly user: string | null
  readonly group: string
  /** What `identify` gave as `data`. */
  readonly data: unknown
  /** The request of the handshake, or of the POST that brought a command; never kept. */
  readonly request?: FastifyRequest | undefined
}

/** Whether a group may be joined: only `true` allows; a throw, a rejection and a hang refuse. */
export type CanJoin = (question: JoinQuestion) => boolean | Promise<boolean>

/** Every limit; all have defaults, and every refusal names its limit. */
export interface Limits {
  /** Connections of this node; beyond, 503 with Retry-After. Default 10,000. */
  readonly maxConnections: number
  /** Connections of one signed-in user on this node. Default 100. */
  readonly maxConnectionsPerUser: number
  /** Connections from one address on this node; 0 is no limit. Default 0. */
  readonly maxConnectionsPerAddress: number
  /** Named groups of one connection. Default 500. */
  readonly maxGroupsPerConnection: number
  /** Bytes of one inbound frame or body. Default 64 KiB. */
  readonly maxMessageBytes: number
  /** Bytes of an event's data, as JSON. Default 256 KiB. */
  readonly maxEventBytes: number
  /** Inbound commands of one connection a second; twice as many at once. Default 50. */
  readonly messagesPerSecond: number
  /** Bytes that wait for one connection before it counts as behind. Default 64 KiB. */
  readonly maxBufferedBytes: number
  /** Milliseconds that a line may accept nothing while something is due. Default 30,000. */
  readonly maxLag: number
  /** Milliseconds that a hook of the app may take. Default 5,000. */
  readonly hookTimeout: number
  /** Milliseconds that a handshake may take. Default 10,000. */
  readonly handshakeTimeout: number
}

/** A preHandler hook of Fastify's, async or with a callback. */
export type PreHandler = (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => unknown

/** The options of the plugin. None is required; docs/options.md has each. */
export interface RealtimeOptions {
  /** Where the plugin's routes live. Default `/realtime`. */
  prefix?: string
  /** The name on the instance and on replies. Default `realtime`. */
  decorator?: string
  /** Runs before `identify`, on every route that carries data. */
  preHandler?: PreHandler | readonly PreHandler[]
  /** Who a request belongs to. Default: everyone is anonymous. */
  identify?: (request: FastifyRequest) => IdentityResult | Promise<IdentityResult>
  /** Which groups may be joined. Default: `public:*` by anyone, nothing else. */
  canJoin?: CanJoin
  /** Milliseconds between two checks of all memberships against `canJoin`; 0 is never. Default 0. */
  recheckInterval?: number
  /** Origins besides the app's own whose pages may connect, as browsers write them: `https://www.example.com`. */
  origins?: readonly string[]
  /** Which changes of which models are told to whom. A model that is not here is never told of. */
  models?: Models
  /** Milliseconds between two signs of life. Default 15,000. */
  heartbeat?: number
  /** Milliseconds that closing may take to flush what was written. Default 2,000. */
  drainTimeout?: number
  /** Milliseconds over which clients are asked to come back after a shutdown. Default 5,000. */
  reconnectSpread?: number
  limits?: Partial<Limits>
}
