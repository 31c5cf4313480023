import type { WireMessage } from '../../types/message.ts'
import { asFailure, failure } from './failure.ts'
import type { Platform } from './platform.ts'
import { failureOf, type Requester } from './request.ts'
import { createStreamParser } from './sse-parser.ts'
import type { Command, Dial, LineEvents, Reply, Session, Transport } from './transport.ts'

const LONGEST_PATH = 1_700

/** Server-Sent Events through `fetch`, with commands as POST requests beside the stream. */
export function createSseTransport (platform: Platform, request: Requester): Transport {
  async function stream ({ cursor }: Dial, path: string, signal: AbortSignal, events: LineEvents): Promise<never> {
    const headers: Record<string, string> = { accept: 'text/event-stream' }
    if (cursor) headers['last-event-id'] = cursor
    const response = await request(path, { headers, signal })
    if (!response.ok || !response.body || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
      throw await failureOf(response, platform.now())
    }
    const reader = response.body.getReader()
    const parse = createStreamParser({
      event: ({ id, data }) => {
        const message = parseMessage(data, platform)
        if (message) events.received({ cursor: id, message })
      }
    })
    for (;;) {
      const { done, value } = await reader.read()
      if (done) throw failure('ended')
      events.heard()
      parse(value)
    }
  }

  async function post (session: Session, commands: readonly Command[], signal: AbortSignal): Promise<Reply[]> {
    const response = await request(`/connections/${encodeURIComponent(session.connection)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'realtime-token': session.token },
      body: JSON.stringify(commands),
      signal
    })
    if (!response.ok) throw await failureOf(response, platform.now())
    return response.json()
  }

  return {
    dial (dial, events) {
      const line = new AbortController()
      const { path, groups } = address(dial)
      stream(dial, path, line.signal, events).catch((error) => events.lost(asFailure(error, 'network')))
      return {
        groups,
        post: (session, commands) => post(session, commands, line.signal).catch((error) => {
          throw asFailure(error, 'network')
        }),
        close: () => line.abort()
      }
    }
  }
}

/** The path of a stream, with as many groups as keep it from growing too long for proxies. */
function address ({ groups, origin, cursor, user }: Dial): { path: string, groups: string[] } {
  let path = `/sse?partial=1&origin=${origin}`
  if (cursor) path += `&for=${encodeURIComponent(user ?? '')}`
  path += '&groups='
  const taken: string[] = []
  let list = ''
  for (const group of groups) {
    const longer = list + (list && ',') + encodeURIComponent(group)
    if (path.length + longer.length > LONGEST_PATH) break
    list = longer
    taken.push(group)
  }
  return { path: path + list, groups: taken }
}

function parseMessage (data: string, platform: Platform): WireMessage | undefined {
  try {
    return JSON.parse(data)
  } catch (error) {
    platform.report(error)
  }
}
