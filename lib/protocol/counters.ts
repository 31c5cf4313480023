import type { Counters } from '../../types/metrics.ts'

/** The counters of a node that has just begun. */
export function newCounters (): Counters {
  return {
    published: 0,
    publishFailures: 0,
    delivered: 0,
    gaps: 0,
    handshakesRefused: 0,
    joinsRefused: 0,
    hookFailures: 0,
    malformed: 0,
    rateLimited: 0,
    closedSlow: 0,
    previousMissing: 0
  }
}
