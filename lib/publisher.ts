import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { Backplane, Draft } from '../types/backplane.ts'
import type { Counters } from '../types/metrics.ts'
import type { SendOptions, SendResult } from '../types/send.ts'
import { errors } from './errors.ts'
import { channels } from './protocol/channels.ts'
import { covers } from './protocol/cursor.ts'
import { isEventName, isOriginTag, quoted } from './protocol/names.ts'

/** Checks and encodes what is sent, and hands it to the backplane. */
export class Publisher {
  readonly #backplane: Backplane
  readonly #maxEventBytes: number
  readonly #counters: Counters
  readonly #log: FastifyBaseLogger
  #isClosed = false

  constructor (parts: { backplane: Backplane, maxEventBytes: number, counters: Counters, log: FastifyBaseLogger }) {
    this.#backplane = parts.backplane
    this.#maxEventBytes = parts.maxEventBytes
    this.#counters = parts.counters
    this.#log = parts.log
  }

  /** From now on every send rejects with Closed. */
  close (): void {
    this.#isClosed = true
  }

  /**
   * Publishes what `compose` returns, all of it or nothing. Never throws
   * synchronously.
   */
  publish (compose: () => readonly Draft[]): Promise<SendResult> {
    return this.guard(async () => await this.#publish(compose))
  }

  /** Runs a send so that its failure, should nobody await it, is logged and counted and nothing more. */
  guard<T> (send: () => Promise<T>): Promise<T> {
    const result = this.#isClosed ? Promise.reject<T>(new errors.Closed()) : send()
    result.catch((error: unknown) => {
      this.#counters.publishFailures++
      this.#log.warn({ err: error }, 'a realtime send failed')
    })
    return result
  }

  async #publish (compose: () => readonly Draft[]): Promise<SendResult> {
    const drafts = compose()
    if (drafts.length === 0) return NOTHING
    const ids = await this.#backplane.publish(drafts)
    this.#counters.published += drafts.length
    if (channels.publish.hasSubscribers) {
      for (let i = 0; i < drafts.length; i++) channels.publish.publish({ id: ids[i], group: drafts[i]!.group, event: drafts[i]!.event })
    }
    return { id: latest(ids), ids }
  }

  /**
   * One draft for each group, sharing the encoded data.
   *
   * @throws BadEvent, BadData, TooLarge, BadOriginTag
   */
  compose (groups: readonly string[], event: string, data: unknown, options: SendOptions = {}): Draft[] {
    if (!isEventName(event)) throw new errors.BadEvent(quoted(event))
    const text = this.encode(data)
    const origin = originOf(options.except)
    const volatile = options.volatile === true
    const tail = `"event":"${event}",${origin === undefined ? '' : `"origin":"${origin}",`}`
    return groups.map((group) => ({ group, event, head: `"group":${JSON.stringify(group)},${tail}`, data: text, origin, volatile }))
  }

  /**
   * The JSON text of an event's data.
   *
   * @throws BadData, TooLarge
   */
  encode (data: unknown, replacer?: (this: unknown, key: string, value: unknown) => unknown): string {
    let text: string | undefined
    try {
      text = JSON.stringify(data, replacer)
    } catch (error) {
      throw new errors.BadData(error instanceof Error ? error.message.split('\n')[0] : 'not serialisable')
    }
    if (text === undefined) throw new errors.BadData(`it is ${typeof data}`)
    if (text.length > this.#maxEventBytes || Buffer.byteLength(text) > this.#maxEventBytes) {
      throw new errors.TooLarge(Buffer.byteLength(text), 'limits.maxEventBytes', this.#maxEventBytes)
    }
    return text
  }
}

const NOTHING: SendResult = { id: null, ids: [] }

/**
 * The tag of the tab to leave out. A request without a usable one leaves out
 * nobody; a tag that is given outright must be one.
 *
 * @throws BadOriginTag
 */
export function originOf (except: FastifyRequest | string | undefined): string | undefined {
  if (except === undefined) return undefined
  if (typeof except === 'string') {
    if (!isOriginTag(except)) throw new errors.BadOriginTag(quoted(except))
    return except
  }
  const tag = except.headers?.['realtime-origin']
  return isOriginTag(tag) ? tag : undefined
}

function latest (ids: ReadonlyArray<string | null>): string | null {
  let last: string | null = null
  for (const id of ids) {
    if (id !== null && (last === null || covers(id, last))) last = id
  }
  return last
}
