import type { Row } from '../../types/model.ts'
import { errors } from '../errors.ts'
import type { CompiledExposure } from './exposure.ts'

/** The columns of a row that an audience may see: those listed, the key always, nothing else. */
export function project (row: Row, { fields, key }: CompiledExposure): Row {
  const seen: Row = {}
  for (const field of fields === 'all' ? new Set([key, ...Object.keys(row)]) : fields) {
    if (Object.hasOwn(row, field) && row[field] !== undefined) define(seen, field, row[field])
  }
  return seen
}

/** The key of a row and nothing else, for what has gone out of sight. */
export function projectKey (row: Row, { key }: CompiledExposure): Row {
  return define({}, key, row[key])
}

/**
 * The key as it stands on the envelope.
 *
 * @throws BadData where the row has none
 */
export function keyOf (row: Row, { model, key }: CompiledExposure): string | number {
  const value = (row as Row | null | undefined)?.[key]
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return base64(value)
  throw new errors.BadData(`the ${model} has no ${key}`)
}

/** A `JSON.stringify` replacer: ISO strings for dates, decimal strings for bigints, base64 for bytes. */
export function wireValue (this: unknown, name: string, value: unknown): unknown {
  const original = (this as Row)[name]
  if (typeof original === 'bigint') return original.toString()
  if (original instanceof Uint8Array) return base64(original)
  return value
}

function base64 (bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** Sets a column whatever its name: `__proto__` is a column like any other. */
function define (row: Row, name: string, value: unknown): Row {
  return Object.defineProperty(row, name, { value, enumerable: true, writable: true, configurable: true })
}
