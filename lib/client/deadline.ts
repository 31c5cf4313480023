import type { Failure } from './failure.ts'
import type { Cancel, Platform } from './platform.ts'

/**
 * What `work` comes to, unless that takes more than `timeout` milliseconds;
 * without a timeout there is no limit.
 *
 * @throws what `expired` makes, as a rejection, when the time is over
 */
export async function withDeadline<T> (platform: Platform, timeout: number | undefined, work: Promise<T>, expired: () => Failure): Promise<T> {
  if (timeout === undefined) return work
  let cancel: Cancel | undefined
  try {
    return await Promise.race([work, new Promise<never>((_resolve, reject) => {
      cancel = platform.after(timeout, () => reject(expired()))
    })])
  } finally {
    cancel?.()
  }
}
