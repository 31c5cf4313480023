import type { SendOptions, SendResult } from './send.ts'

/** A row where nothing more is known of it. What is emitted may be any object: the columns are its own properties. */
export type Row = Record<string, unknown>

/** Computes the group or groups of a row. Takes functions of the app's own row types too. */
export type GroupOf<R extends object = Row> = { of (row: R): string | readonly string[] }['of']

/** What happened to a row. */
export type RowAction = 'created' | 'updated' | 'deleted'

/** One audience of a model's changes, and what it may see. */
export interface Exposure<R extends object = Row> {
  /** The group or groups to tell, or a function of the row. */
  group: string | readonly string[] | GroupOf<R>
  /** The columns that reach the wire besides the key: their names, or `'all'`. Default: the key alone. */
  fields?: ReadonlyArray<keyof R & string> | 'all'
  /** The column that identifies a row. Default `id`. */
  key?: keyof R & string
  /** Which actions are told, as this audience sees them. Default all. */
  actions?: readonly RowAction[]
  /** Event names other than the actions' own. */
  eventNames?: Partial<Record<RowAction | 'invalidated', string>>
  /** The inputs of a computed `group` never change, so `previous` is not needed. Default false. */
  stable?: boolean
  /** `'always'`: also tell of updates that touch none of the `fields`. */
  updates?: 'always'
}

/** Exposures by model name. */
export type Models = Record<string, Exposure | readonly Exposure[]>

/** A change of a row, as `emit` takes it. */
export interface Change {
  model: string
  action: RowAction
  row: object
  /** The row before an update; lets audiences that lost sight of it know. */
  previous?: object | undefined
  /** Who did it; only `onChange` sees it. */
  actor?: unknown
}

/** Tells of the changes of one model. */
export interface ModelTarget<R extends object = object> {
  created (row: R, options?: SendOptions): Promise<SendResult>
  updated (row: R, previous?: R, options?: SendOptions): Promise<SendResult>
  deleted (row: R, options?: SendOptions): Promise<SendResult>
  /** Says "something changed here, refetch", to one group or to every group the model names outright. */
  invalidated (where?: { group?: string | readonly string[] }, options?: SendOptions): Promise<SendResult>
}
