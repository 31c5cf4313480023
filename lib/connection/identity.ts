import type { Identity } from '../../types/identity.ts'
import { errors } from '../errors.ts'
import { isUserId, quoted } from '../protocol/names.ts'

/** The most that an identity's `data` may take, as JSON, in bytes. */
const MAX_DATA_BYTES = 4_096

export const ANONYMOUS: Identity = { user: null, expiresAt: undefined, data: undefined }

/**
 * What `identify` returned, checked. Anything but a clear identity refuses.
 *
 * @throws Unauthenticated
 */
export function toIdentity (result: unknown): Identity {
  if (result === null || result === undefined) return ANONYMOUS
  if (typeof result !== 'object') return { user: toUserId(result), expiresAt: undefined, data: undefined }
  const { id, expiresAt, data } = result as { id?: unknown, expiresAt?: unknown, data?: unknown }
  return { user: toUserId(id), expiresAt: toTime(expiresAt), data: checkData(data) }
}

function toUserId (id: unknown): string {
  const text = typeof id === 'bigint' || (typeof id === 'number' && Number.isFinite(id)) ? String(id) : id
  if (!isUserId(text)) throw new errors.Unauthenticated(`identify returned the id ${quoted(id)}`)
  return text
}

function toTime (expiresAt: unknown): number | undefined {
  if (expiresAt === undefined) return undefined
  const time = expiresAt instanceof Date ? expiresAt.getTime() : expiresAt
  if (typeof time !== 'number' || !Number.isFinite(time)) throw new errors.Unauthenticated(`identify returned expiresAt ${quoted(expiresAt)}`)
  if (time <= Date.now()) throw new errors.Unauthenticated('the identity has expired')
  return time
}

function checkData (data: unknown): unknown {
  if (data === undefined) return undefined
  let text: string | undefined
  try {
    text = JSON.stringify(data)
  } catch {}
  if (text === undefined || Buffer.byteLength(text) > MAX_DATA_BYTES) {
    throw new errors.Unauthenticated(`identify returned data that is not JSON of at most ${MAX_DATA_BYTES} bytes`)
  }
  return data
}
