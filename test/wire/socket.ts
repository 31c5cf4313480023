import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Test } from 'tap'
import WebSocket, { type ClientOptions } from 'ws'
import { Inbox, type Message } from './inbox.ts'
import type { Opening } from './stream.ts'

/** An answer to a command. */
export interface Reply {
  ref: number | null
  ok: boolean
  data?: unknown
  error?: { code: string, message: string }
}

export interface Socket {
  ws: WebSocket
  opening: Opening
  messages: Inbox<Message>
  replies: Inbox<Reply>
  /** The close code. */
  closed: Promise<number>
}

/** Opens a WebSocket; resolves once the server has said that it is open. */
export async function openSocket (t: Test, url: string, options: ClientOptions = {}): Promise<Socket> {
  const ws = new WebSocket(url.replace(/^http/, 'ws'), options)
  t.teardown(() => { ws.terminate() })
  const messages = new Inbox<Message>()
  const replies = new Inbox<Reply>()
  ws.on('message', (bytes: Buffer) => {
    const value = JSON.parse(bytes.toString()) as Message | Reply
    if ('ok' in value) replies.add(value)
    else messages.add(value)
  })
  const closed = new Promise<number>((resolve) => {
    ws.on('close', (code) => {
      messages.end(`the socket was closed with ${code}`)
      replies.end(`the socket was closed with ${code}`)
      resolve(code)
    })
  })
  await once(ws, 'open')
  ws.on('error', () => {})
  const { data } = await messages.until(({ event }) => event === 'realtime:open')
  return { ws, opening: data as Opening, messages, replies, closed }
}

/** Asks for a WebSocket that is refused; the answer. */
export async function refusedSocket (t: Test, url: string, options: ClientOptions = {}): Promise<IncomingMessage> {
  const ws = new WebSocket(url.replace(/^http/, 'ws'), options)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    ws.on('unexpected-response', (_request, answer: IncomingMessage) => { resolve(answer) })
    ws.on('open', () => { reject(new Error('the WebSocket was accepted')) })
    ws.on('error', reject)
  })
  t.teardown(() => { response.destroy() })
  return response
}
