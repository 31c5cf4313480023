import type { FastifyBaseLogger } from 'fastify'
import type { Draft } from '../../types/backplane.ts'
import type { Counters } from '../../types/metrics.ts'
import type { ModelAction } from '../../types/message.ts'
import type { Change, ModelTarget, Row, RowAction } from '../../types/model.ts'
import type { SendOptions, SendResult } from '../../types/send.ts'
import { errors } from '../errors.ts'
import { callObserver } from '../protocol/callback.ts'
import { isGroupName, quoted } from '../protocol/names.ts'
import type { CompiledExposure } from './exposure.ts'
import { keyOf, project, projectKey, wireValue } from './projection.ts'
import { sightsOf, type Audience, type Sight } from './visibility.ts'

/** What models need of the publisher. */
export interface ModelPublisher {
  publish (compose: () => readonly Draft[]): Promise<SendResult>
  encode (data: unknown, replacer: (this: unknown, key: string, value: unknown) => unknown): string
  originOf (except: SendOptions['except']): string | undefined
}

type ChangeHandler = (change: Change) => unknown

/** The data of `invalidated`. */
const NOTHING = '{}'

/** Turns changes of rows into messages: only for models that are exposed, only with the fields that are listed. */
export class Models {
  readonly #exposures: ReadonlyMap<string, readonly CompiledExposure[]>
  readonly #publisher: ModelPublisher
  readonly #counters: Counters
  readonly #log: FastifyBaseLogger
  readonly #handlers = new Map<string, Set<ChangeHandler>>()
  readonly #warned = new Set<CompiledExposure>()

  constructor (parts: {
    exposures: ReadonlyMap<string, readonly CompiledExposure[]>
    publisher: ModelPublisher
    counters: Counters
    log: FastifyBaseLogger
  }) {
    this.#exposures = parts.exposures
    this.#publisher = parts.publisher
    this.#counters = parts.counters
    this.#log = parts.log
  }

  target<R extends object> (model: string): ModelTarget<R> {
    return {
      created: (row, options) => this.emit({ model, action: 'created', row }, options),
      updated: (row, previous, options) => this.emit({ model, action: 'updated', row, previous }, options),
      deleted: (row, options) => this.emit({ model, action: 'deleted', row }, options),
      invalidated: (where, options) => this.#invalidate(model, where?.group, options)
    }
  }

  onChange (model: string, handler: ChangeHandler): () => void {
    let handlers = this.#handlers.get(model)
    if (handlers === undefined) this.#handlers.set(model, handlers = new Set())
    handlers.add(handler)
    return () => { handlers.delete(handler) }
  }

  emit (change: Change, options: SendOptions = {}): Promise<SendResult> {
    const sent = this.#publisher.publish(() => (this.#exposures.get(change.model) ?? []).flatMap((exposure) => this.#compose(exposure, change, options)))
    this.#notify(change)
    return sent
  }

  #compose (exposure: CompiledExposure, change: Change, options: SendOptions): Draft[] {
    const { action } = change
    const row = change.row as Row
    const previous = change.previous as Row | undefined
    const key = keyOf(row, exposure)
    const { before, after } = this.#audiences(exposure, action, row, previous)
    const isSilent = action === 'updated' && previous !== undefined && !this.#touches(exposure, row, previous)
    const texts: Partial<Record<ModelAction, string>> = {}
    return sightsOf(action, before, after)
      .filter((sight) => sight.action === 'invalidated' || (exposure.actions.has(sight.action) && !(sight.action === 'updated' && isSilent)))
      .map((sight) => {
        const text = texts[sight.action] ??= this.#dataOf(exposure, sight, row)
        return this.#draft(exposure, sight, sight.action === 'invalidated' ? undefined : key, text, options)
      })
  }

  #audiences (exposure: CompiledExposure, action: RowAction, row: Row, previous: Row | undefined): { before: Audience, after: Audience } {
    if (exposure.groupOf === undefined) return { before: exposure.groups, after: exposure.groups }
    const now = this.#groupsOf(exposure, row)
    if (action !== 'updated' || exposure.stable) return { before: now, after: now }
    if (previous !== undefined) return { before: this.#groupsOf(exposure, previous), after: now }
    this.#counters.previousMissing++
    if (!this.#warned.has(exposure)) {
      this.#warned.add(exposure)
      this.#log.warn({ model: exposure.model }, 'a model whose group is computed was updated without its previous row: its audience is told to refetch')
    }
    return { before: undefined, after: now }
  }

  #groupsOf (exposure: CompiledExposure, row: Row): Audience {
    try {
      const result = exposure.groupOf!(row)
      const groups: unknown[] = Array.isArray(result) ? result : [result]
      const wrong = groups.find((group) => !isGroupName(group))
      if (wrong !== undefined || groups.includes(undefined)) throw new errors.BadGroup(quoted(wrong))
      return groups as string[]
    } catch (error) {
      this.#counters.hookFailures++
      this.#log.error({ err: error, model: exposure.model }, 'the group of a model could not be computed')
      return undefined
    }
  }

  #touches (exposure: CompiledExposure, row: Row, previous: Row): boolean {
    if (exposure.alwaysUpdates || exposure.fields.length === 1) return true
    const encode = (one: Row): string => this.#publisher.encode(project(one, exposure), wireValue)
    return encode(row) !== encode(previous)
  }

  #dataOf (exposure: CompiledExposure, { action }: Sight, row: Row): string {
    if (action === 'invalidated') return NOTHING
    return this.#publisher.encode(action === 'deleted' ? projectKey(row, exposure) : project(row, exposure), wireValue)
  }

  #draft (exposure: CompiledExposure, { group, action, moved }: Sight, key: string | number | undefined, data: string, options: SendOptions): Draft {
    const event = exposure.eventNames[action]
    const origin = this.#publisher.originOf(options.except)
    const head = `"group":${JSON.stringify(group)},"event":"${event}","model":${JSON.stringify(exposure.model)},"action":"${action}",` +
      (key === undefined ? '' : `"key":${JSON.stringify(key)},`) +
      (moved ? '"moved":true,' : '') +
      (origin === undefined ? '' : `"origin":"${origin}",`)
    return { group, event, head, data, origin, volatile: options.volatile === true }
  }

  #invalidate (model: string, group: string | readonly string[] | undefined, options: SendOptions = {}): Promise<SendResult> {
    return this.#publisher.publish(() => {
      const exposures = this.#exposures.get(model) ?? []
      if (group === undefined) {
        return exposures.flatMap((exposure) => exposure.groups.map((name) => this.#invalidation(exposure, name, options)))
      }
      const names = typeof group === 'string' ? [group] : group
      for (const name of names) if (!isGroupName(name)) throw new errors.BadGroup(quoted(name))
      if (exposures.length === 0) return []
      return names.map((name) => this.#invalidation(exposureOf(name, exposures), name, options))
    })
  }

  #invalidation (exposure: CompiledExposure, group: string, options: SendOptions): Draft {
    return this.#draft(exposure, { group, action: 'invalidated', moved: false }, undefined, NOTHING, options)
  }

  #notify (change: Change): void {
    for (const handler of this.#handlers.get(change?.model) ?? []) {
      callObserver(() => handler(change), (error) => { this.#failed(error) })
    }
  }

  #failed (error: unknown): void {
    this.#counters.hookFailures++
    this.#log.error({ err: error, hook: 'onChange' }, 'a realtime observer failed')
  }
}

/** The exposure that a group belongs to: the one that names it, else one that computes its groups. */
function exposureOf (group: string, exposures: readonly CompiledExposure[]): CompiledExposure {
  return exposures.find(({ groups }) => groups.includes(group)) ?? exposures.find(({ groupOf }) => groupOf !== undefined) ?? exposures[0]!
}
