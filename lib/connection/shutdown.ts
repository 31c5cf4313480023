import type { Context } from './context.ts'

/** Milliseconds that a goodbye gets, however late it is. */
const LAST_CALL = 250

/**
 * Ends every connection of this node: waits for what is still to be sent, tells
 * each client when to come back, flushes, and cuts who has not gone by the
 * deadline. Times are milliseconds; `inFlight` resolves when no request of the app
 * is unanswered.
 */
export async function shutDown (context: Context, times: { drainTimeout: number, reconnectSpread: number }, inFlight: (timeout: number) => Promise<void>): Promise<void> {
  const { registry, groups, goodbyes } = context
  if (registry.size === 0) return
  const deadline = Date.now() + times.drainTimeout
  await inFlight(times.drainTimeout)
  await groups.boundary()
  for (const connection of registry) connection.close('shutdown', Math.floor(Math.random() * times.reconnectSpread))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => { timer = setTimeout(resolve, Math.max(LAST_CALL, deadline - Date.now())) })
  await Promise.race([goodbyes.all(), late])
  clearTimeout(timer)
  goodbyes.cut()
  await goodbyes.all()
}
