import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { Identity, IdentityResult } from '../../types/identity.ts'
import type { Counters } from '../../types/metrics.ts'
import type { CanJoin } from '../../types/options.ts'
import { errors } from '../errors.ts'
import { callHook } from './hook.ts'
import { toIdentity } from './identity.ts'

/** So many groups of one handshake are asked about at the same time. */
const QUESTIONS_AT_ONCE = 50

/** Who a request belongs to and what it may join: the app's hooks, failing closed. */
export class Policy {
  readonly #identify: (request: FastifyRequest) => IdentityResult | Promise<IdentityResult>
  readonly #canJoin: CanJoin
  readonly #timeout: number
  readonly #log: FastifyBaseLogger
  readonly #counters: Counters

  constructor (hooks: {
    identify: (request: FastifyRequest) => IdentityResult | Promise<IdentityResult>
    canJoin: CanJoin
    timeout: number
    log: FastifyBaseLogger
    counters: Counters
  }) {
    this.#identify = hooks.identify
    this.#canJoin = hooks.canJoin
    this.#timeout = hooks.timeout
    this.#log = hooks.log
    this.#counters = hooks.counters
  }

  /**
   * @throws Unauthenticated for a throw or an illegal id (an error with a status
   *   below 500, such as those of an authentication plugin, is passed on);
   *   HookTimeout for a hang
   */
  async identify (request: FastifyRequest): Promise<Identity> {
    try {
      return toIdentity(await callHook('identify', this.#timeout, () => this.#identify(request)))
    } catch (error) {
      const status = (error as { statusCode?: unknown } | undefined)?.statusCode
      if (!(error instanceof errors.Unauthenticated) && typeof status === 'number' && status >= 400 && status < 500) throw error
      this.#failed('identify', error)
      if (error instanceof errors.HookTimeout || error instanceof errors.Unauthenticated) throw error
      throw new errors.Unauthenticated('identify failed')
    }
  }

  /** Whether a group may be joined: only if `canJoin` says `true`, in time. */
  async canJoin (identity: Identity, group: string, request?: FastifyRequest): Promise<boolean> {
    const { user, data } = identity
    let allowed = false
    try {
      allowed = await callHook('canJoin', this.#timeout, () => this.#canJoin({ user, group, data, request })) === true
    } catch (error) {
      this.#failed('canJoin', error)
    }
    if (!allowed) this.#counters.joinsRefused++
    return allowed
  }

  /** The answers for many groups, asked some at a time, for as long as `isWanted`: then the rest is refused unasked. */
  async canJoinEach (identity: Identity, groups: readonly string[], request: FastifyRequest | undefined, isWanted: () => boolean): Promise<boolean[]> {
    const answers: boolean[] = []
    for (let i = 0; i < groups.length && isWanted(); i += QUESTIONS_AT_ONCE) {
      answers.push(...await Promise.all(groups.slice(i, i + QUESTIONS_AT_ONCE).map(async (group) => await this.canJoin(identity, group, request))))
    }
    return answers
  }

  #failed (hook: string, error: unknown): void {
    this.#counters.hookFailures++
    this.#log.error({ err: error, hook }, 'a realtime hook failed, which refuses')
  }
}
