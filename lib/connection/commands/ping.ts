import type { Outcome } from './outcome.ts'

/** Answers at once: the line, and the credentials it was sent with, are good. */
export function ping (): Outcome {
  return { data: {} }
}
