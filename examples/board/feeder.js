import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { setTimeout as delay } from 'node:timers/promises'
import { sign } from './webhooks/signature.js'

const families = createRequire(import.meta.url)('@octokit/webhooks-examples')
const FIRST = 'issue_comment'

/** The recorded deliveries in the order of their package, beginning with those that fill the board. */
export function deliveries () {
  const all = families.flatMap(({ name, examples }) => examples.map((payload) => ({ event: name, payload })))
  const start = all.findIndex(({ event }) => event === FIRST)
  return [...all.slice(start), ...all.slice(0, start)]
}

/** Posts one delivery as GitHub would: signed, and with an id of its own. Resolves with the response's status. */
export async function deliver ({ url, secret, signal }, { event, payload }) {
  const body = JSON.stringify(payload)
  const response = await fetch(`${url}/webhooks/github`, {
    method: 'POST',
    signal,
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': sign(secret, body),
    },
  })
  await response.arrayBuffer()
  return response.status
}

/**
 * Replays the deliveries to `url`, one every `interval` milliseconds, round and
 * round, until the returned function is called. An interval of 0 replays none.
 */
export function startFeeder ({ url, secret, interval, log }) {
  const stop = new AbortController()
  if (interval > 0) replay({ url, secret, signal: stop.signal }, interval, log)
  return () => stop.abort()
}

async function replay (target, interval, log) {
  while (true) {
    for (const next of deliveries()) {
      try {
        await delay(interval, undefined, { signal: target.signal })
        const status = await deliver(target, next)
        if (status >= 400) log.warn({ status, event: next.event }, 'a delivery was refused')
      } catch (error) {
        if (target.signal.aborted) return
        log.warn(error, 'a delivery failed')
      }
    }
  }
}
