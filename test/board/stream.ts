import { EventSourceParserStream } from 'eventsource-parser/stream'
import type { Test } from 'tap'

export interface Message {
  event: string
  group?: string
  model?: string
  action?: string
  key?: string
  data: Record<string, unknown>
}

export interface Stream {
  /** Everything that came so far, system events included. */
  messages: Message[]
  /** The text of every message as it came. */
  text: string[]
  /** Resolves with the first message, come or still to come, that fits. */
  until: (fits: (message: Message) => boolean) => Promise<Message>
}

/** Listens to groups over SSE until the test is over; resolves once the stream is open. */
export async function listen (t: Test, url: string, groups: string[], headers: Record<string, string> = {}): Promise<Stream> {
  const stop = new AbortController()
  t.teardown(() => stop.abort())
  const query = groups.map((group) => `groups=${encodeURIComponent(group)}`).join('&')
  const response = await fetch(`${url}/realtime/sse?${query}`, { headers, signal: stop.signal })
  if (response.status !== 200) throw new Error(`The stream was refused with ${response.status}`)

  const messages: Message[] = []
  const text: string[] = []
  const waiting = new Set<() => void>()
  const read = async () => {
    const events = response.body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
    for await (const { data } of events) {
      text.push(data)
      messages.push(JSON.parse(data))
      for (const look of waiting) look()
    }
  }
  read().catch(() => {})

  const until = (fits: (message: Message) => boolean) => new Promise<Message>((resolve) => {
    const look = () => {
      const found = messages.find(fits)
      if (found === undefined) return
      waiting.delete(look)
      resolve(found)
    }
    waiting.add(look)
    look()
  })
  await until(({ event }) => event === 'realtime:open')
  return { messages, text, until }
}
