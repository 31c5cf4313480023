import type { ModelAction } from '../../types/message.ts'
import type { RowAction } from '../../types/model.ts'

/** What one group is told of a change. */
export interface Sight {
  readonly group: string
  readonly action: ModelAction
  /** The row came into or went out of sight without being created or deleted. */
  readonly moved: boolean
}

/** The groups that see a row; `undefined` where that cannot be told. */
export type Audience = readonly string[] | undefined

/**
 * What each group is told of a change, from where the row was seen before and
 * where it is seen now. Where one of the two cannot be told, the groups of the
 * other are told to refetch: something happened there, and nothing wrong is said.
 */
export function sightsOf (action: RowAction, before: Audience, after: Audience): Sight[] {
  if (action === 'created') return sights(after, 'created', false)
  if (action === 'deleted') return sights(before, 'deleted', false)
  if (before === undefined || after === undefined) return sights(after ?? before, 'invalidated', false)
  const was = new Set(before)
  const is = new Set(after)
  return [
    ...sights(after.filter((group) => was.has(group)), 'updated', false),
    ...sights(after.filter((group) => !was.has(group)), 'created', true),
    ...sights(before.filter((group) => !is.has(group)), 'deleted', true)
  ]
}

function sights (groups: Audience, action: ModelAction, moved: boolean): Sight[] {
  return [...new Set(groups)].map((group) => ({ group, action, moved }))
}
