import type { Exposure, Models, Row, RowAction } from '../../types/model.ts'
import { errors } from '../errors.ts'
import { isEventName, isGroupName, quoted } from '../protocol/names.ts'

/** An exposure, checked, with its defaults filled in. */
export interface CompiledExposure {
  readonly model: string
  /** The groups that are named outright; empty where they are computed. */
  readonly groups: readonly string[]
  /** Computes the groups of a row. Whatever the app's function returns or throws comes through. */
  readonly groupOf: ((row: Row) => unknown) | undefined
  readonly key: string
  readonly fields: readonly string[] | 'all'
  readonly actions: ReadonlySet<RowAction>
  readonly eventNames: Readonly<Record<RowAction | 'invalidated', string>>
  readonly stable: boolean
  readonly alwaysUpdates: boolean
}

const ACTIONS: readonly RowAction[] = ['created', 'updated', 'deleted']
const KNOWN = new Set(['group', 'fields', 'key', 'actions', 'eventNames', 'stable', 'updates'])

/**
 * Checks the `models` option.
 *
 * @throws InvalidOption, naming the exposure and its member
 */
export function compileModels (models: Models): Map<string, CompiledExposure[]> {
  const compiled = new Map<string, CompiledExposure[]>()
  for (const [model, exposures] of Object.entries(models)) {
    const list: unknown[] = Array.isArray(exposures) ? exposures : [exposures]
    compiled.set(model, list.map((exposure, i) => compile(model, exposure as Exposure, Array.isArray(exposures) ? `models.${model}[${i}]` : `models.${model}`)))
  }
  return compiled
}

function compile (model: string, exposure: Exposure, path: string): CompiledExposure {
  const check = (ok: boolean, name: string, value: unknown, allowed: string): void => {
    if (!ok) throw new errors.InvalidOption(name === '' ? path : `${path}.${name}`, quoted(value), allowed)
  }
  check(typeof exposure === 'object' && exposure !== null, '', exposure, 'an exposure is an object with a group')
  for (const name of Object.keys(exposure)) check(KNOWN.has(name), name, (exposure as unknown as Row)[name], `an exposure takes ${[...KNOWN].join(', ')}`)
  const { group, fields = [], key = 'id', actions = ACTIONS, eventNames = {}, stable = false, updates } = exposure
  const groups: readonly unknown[] = typeof group === 'function' ? [] : Array.isArray(group) ? group : [group]
  check(typeof group === 'function' || groups.length > 0, 'group', group, 'a group name, an array of them, or a function of the row')
  for (const name of groups) check(isGroupName(name), 'group', name, 'a group name, an array of them, or a function of the row')
  check(fields === 'all' || isStrings(fields), 'fields', fields, 'an array of column names, or "all"')
  check(typeof key === 'string' && key !== '', 'key', key, 'a column name')
  check(Array.isArray(actions) && actions.every((action) => ACTIONS.includes(action as RowAction)), 'actions', actions, `an array of ${ACTIONS.join(', ')}`)
  check(typeof eventNames === 'object' && eventNames !== null, 'eventNames', eventNames, 'event names by action')
  for (const [action, name] of Object.entries(eventNames)) {
    check([...ACTIONS, 'invalidated'].includes(action), `eventNames.${action}`, name, `one of ${ACTIONS.join(', ')}, invalidated`)
    check(isEventName(name), `eventNames.${action}`, name, 'an event name that apps may send')
  }
  check(typeof stable === 'boolean', 'stable', stable, 'true or false')
  check(updates === undefined || updates === 'always', 'updates', updates, '"always", or left out')
  return {
    model,
    groups: groups as readonly string[],
    groupOf: typeof group === 'function' ? group as (row: Row) => unknown : undefined,
    key,
    fields: fields === 'all' ? 'all' : [...new Set([key, ...fields as string[]])],
    actions: new Set(actions as readonly RowAction[]),
    eventNames: { created: 'created', updated: 'updated', deleted: 'deleted', invalidated: 'invalidated', ...eventNames },
    stable,
    alwaysUpdates: updates === 'always'
  }
}

function isStrings (value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
