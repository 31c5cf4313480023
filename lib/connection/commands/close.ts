import type { Connection } from '../connection.ts'
import type { Outcome } from './outcome.ts'

/** The client is done: the connection ends after the reply, and does not come back. */
export function close (connection: Connection): Outcome {
  return { data: {}, complete: () => { connection.close('client') } }
}
