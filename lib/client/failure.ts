import type { RealtimeError } from '../../types/client.ts'

/** Why a request or a connection came to nothing. */
export interface Failure extends RealtimeError {
  /** The HTTP status, where there was an answer. */
  readonly status?: number
  /** Milliseconds that the server wants left in peace. */
  readonly floor?: number
}

/** Whether a server may or may not have done what a failed request asked for. */
export function isOutcomeUnknown ({ status }: Failure): boolean {
  return status === undefined || status >= 500
}

export function failure (code: string, message: string = code, particulars: { status?: number, floor?: number } = {}): Failure {
  return Object.assign(new Error(message), { code, ...particulars })
}

/** Whatever was thrown, as a failure; `code` is for what has none of its own. */
export function asFailure (error: unknown, code: string): Failure {
  return typeof (error as Failure | null)?.code === 'string' ? error as Failure : failure(code, String(error))
}
