const BASE = 500
const CEILING = 30_000
const LONGEST_FLOOR = 3_600_000

/**
 * Milliseconds to wait before a repetition: anywhere up to a limit that doubles
 * from 500 with every failure to 30,000 ("full jitter"), on top of the floor that
 * the server chose, of which no more than an hour is honoured.
 *
 * @param failures how many went before in a row, from 0
 * @param random from 0 up to 1
 */
export function retryDelay (failures: number, random: number, floor = 0): number {
  return Math.min(Math.max(floor, 0), LONGEST_FLOOR) + random * Math.min(CEILING, BASE * 2 ** failures)
}
