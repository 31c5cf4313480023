import { errors } from '../../errors.ts'
import type { Outcome } from './outcome.ts'

/** Nothing can renew an identity in place: a client whose identity expires comes back with a new one. */
export function renew (): Outcome {
  throw new errors.Forbidden('identities are not renewed in place here, reconnect')
}
