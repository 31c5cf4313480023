import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { request as secureRequest, type RequestOptions } from 'node:https'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { Test } from 'tap'
import { Inbox, type Message } from './inbox.ts'

export interface Opening {
  connection: string
  token: string
  user: string | null
  groups: string[]
  refused: string[]
}

export interface Stream {
  response: IncomingMessage
  opening: Opening
  /** As the independent parser read them. */
  events: Inbox<EventSourceMessage>
  messages: Inbox<Message>
  /** Resolves when the server has ended or cut it. */
  closed: Promise<unknown>
}

/** Gets a path, whatever the answer; cut when the test is over. */
export async function get (t: Test, url: string, options: RequestOptions = {}): Promise<IncomingMessage> {
  const outgoing = (url.startsWith('https:') ? secureRequest : request)(url, { agent: false, ...options }).end()
  t.teardown(() => { outgoing.destroy() })
  const [response] = await once(outgoing, 'response') as [IncomingMessage]
  outgoing.on('error', () => {})
  return response
}

/** Opens a stream of Server-Sent Events; resolves once the server has said that it is open. */
export async function openStream (t: Test, url: string, options: RequestOptions = {}): Promise<Stream> {
  const response = await get(t, url, options)
  if (response.statusCode !== 200) throw new Error(`refused with ${response.statusCode}: ${await textOf(response)}`)
  return await readStream(response)
}

/** Reads the body of an answer as Server-Sent Events. */
export async function readStream (response: IncomingMessage): Promise<Stream> {
  const events = new Inbox<EventSourceMessage>()
  const messages = new Inbox<Message>()
  const parser = createParser({
    onEvent: (event) => {
      events.add(event)
      messages.add(JSON.parse(event.data) as Message)
    }
  })
  const closed = new Promise((resolve) => {
    response.on('error', resolve)
    response.on('close', resolve)
  })
  response.setEncoding('utf8')
  response.on('data', (text: string) => { parser.feed(text) })
  response.on('close', () => {
    events.end('the stream is over')
    messages.end('the stream is over')
  })
  const { data } = await messages.until(({ event }) => event === 'realtime:open')
  return { response, opening: data as Opening, events, messages, closed }
}

/** The rest of an answer. */
export async function textOf (response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8')
  let text = ''
  for await (const part of response) text += part as string
  return text
}

/** Posts to a path; the answer's status, headers and parsed body. */
export async function post (url: string, body: string, headers: Record<string, string> = {}): Promise<Posted> {
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}

export interface Posted {
  status: number
  headers: Headers
  body: unknown
}
