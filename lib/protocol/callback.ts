/** Whether a value is to be awaited: a promise, or what an ORM returns that runs only when it is awaited. */
export function isThenable (value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

/**
 * Calls an observer of the app, so that nothing it does reaches further: what it
 * throws, or rejects with later, goes to `failed`.
 */
export function callObserver (call: () => unknown, failed: (error: unknown) => void): void {
  try {
    const result = call()
    if (isThenable(result)) Promise.resolve(result).catch(failed)
  } catch (error) {
    failed(error)
  }
}
