import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../connection/context.ts'
import type { Handshake } from '../connection/opening.ts'
import type { Claim } from '../connection/revocations.ts'
import type { Seat } from '../connection/seat.ts'
import { errors, refuse } from '../errors.ts'
import { readHandshakeQuery } from './handshake-query.ts'

/** Seconds after which one who came during a shutdown may ask again. */
const RETRY_AFTER = 2

/** What is held for a handshake until it is opened or over. */
interface Pending {
  readonly deadline: NodeJS.Timeout
  readonly claim: Claim
  seat: Seat | undefined
  accepted: Handshake | undefined
}

/** Handshakes between their first hook and the open connection. */
export class Handshakes {
  readonly #context: Context
  readonly #isClosing: () => boolean
  readonly #pending = new WeakMap<FastifyRequest, Pending>()

  constructor (context: Context, isClosing: () => boolean) {
    this.#context = context
    this.#isClosing = isClosing
  }

  /**
   * Comes first: turns away at once where there is no room, and sets the deadline
   * by which the app's hooks and ours must have decided.
   *
   * @throws Closing, OverCapacity
   */
  begin (request: FastifyRequest, reply: FastifyReply): void {
    this.checkOpen()
    this.#context.registry.checkRoom()
    const { handshakeTimeout } = this.#context.limits
    const deadline = setTimeout(() => {
      this.#end(request)
      if (!reply.sent) reply.send(refuse(new errors.HandshakeTimeout(handshakeTimeout), { retryAfter: RETRY_AFTER }))
    }, handshakeTimeout)
    this.#pending.set(request, { deadline, claim: this.#context.revocations.claim(), seat: undefined, accepted: undefined })
    reply.raw.once('finish', () => { this.#end(request) })
    reply.raw.once('close', () => { this.#end(request) })
  }

  /** @throws Closing */
  checkOpen (): void {
    if (this.#isClosing()) throw refuse(new errors.Closing(), { retryAfter: RETRY_AFTER })
  }

  /**
   * Decides: who is it, is there room, what may be joined. What is accepted is
   * kept for {@link take}; what is refused is over at once, whatever becomes of the
   * answer.
   *
   * @throws whatever refuses
   */
  async decide (request: FastifyRequest): Promise<void> {
    try {
      await this.#decide(request)
    } catch (error) {
      this.#end(request)
      throw error
    }
  }

  async #decide (request: FastifyRequest): Promise<void> {
    const { limits, policy, registry } = this.#context
    const { groups: asked, partial, after, issuedFor, origin } = readHandshakeQuery(request, limits.maxGroupsPerConnection)
    const identity = await policy.identify(request)
    const seat = registry.seat(identity.user, request.ip)
    const pending = this.#pending.get(request)
    if (pending === undefined) {
      registry.release(seat)
      throw new errors.Closing()
    }
    pending.seat = seat
    const { claim } = pending
    const isPending = (): boolean => this.#pending.get(request) === pending
    let answers: boolean[]
    do {
      claim.askAgain()
      answers = await policy.canJoinEach(identity, asked, request, isPending)
    } while (isPending() && asked.some((group) => claim.outdated(identity.user, group)))
    if (claim.revoked(identity.user, undefined, undefined)) throw new errors.Forbidden('revoked meanwhile')
    const isAllowed = asked.map((group, i) => answers[i] === true && !claim.revoked(identity.user, undefined, group))
    const groups = asked.filter((_group, i) => isAllowed[i])
    const refused = asked.filter((_group, i) => !isAllowed[i])
    if (refused.length > 0 && !partial) {
      throw refuse(new errors.Forbidden(`to join ${refused.length} of ${asked.length} groups`), { refused })
    }
    this.checkOpen()
    pending.accepted = { identity, seat, claim, groups, granted: false, refused, after, issuedFor, origin, commands: true }
  }

  /**
   * What {@link decide} accepted, to be opened at once; `undefined` where the client has gone.
   *
   * @throws Closing: what is opened now, nobody would end
   */
  take (request: FastifyRequest): Handshake | undefined {
    this.checkOpen()
    const pending = this.#pending.get(request)
    if (pending === undefined) return undefined
    this.#pending.delete(request)
    clearTimeout(pending.deadline)
    return pending.accepted
  }

  /** What was begun and never taken up is given back. */
  #end (request: FastifyRequest): void {
    const pending = this.#pending.get(request)
    if (pending === undefined) return
    this.#pending.delete(request)
    clearTimeout(pending.deadline)
    pending.claim.release()
    if (pending.seat !== undefined) this.#context.registry.release(pending.seat)
  }
}
