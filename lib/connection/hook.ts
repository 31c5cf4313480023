import { errors } from '../errors.ts'
import { isThenable } from '../protocol/callback.ts'

/**
 * Calls a user's hook so that nothing it does can reach further: a throw, a
 * rejection and a hang all reject. `timeout` is in milliseconds.
 *
 * @throws what the hook throws, or HookTimeout
 */
export async function callHook<T> (name: string, timeout: number, hook: () => T | Promise<T>): Promise<T> {
  const result = hook()
  if (!isThenable(result)) return result
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new errors.HookTimeout(name, timeout)) }, timeout)
  })
  try {
    return await Promise.race([result, expired])
  } finally {
    clearTimeout(timer)
  }
}
