import type { Test } from 'tap'
import { rawClient, requestText } from './raw-client.ts'

/** What an app answered: the status, the head as text, and what came of the body with it. */
export interface Answer {
  status: number
  head: string
  body: string
}

/** Sends a request with exactly these headers, and reads the answer: all of it where it ends, else its head. */
export async function knock (t: Test, port: number, target: string, headers: string[], method = 'GET', body = ''): Promise<Answer> {
  const client = await rawClient(t, port, requestText(target, headers, 'HTTP/1.1', method) + body)
  await client.until('\r\n\r\n')
  const length = Number(/^content-length: (\d+)$/mi.exec(client.head)?.[1] ?? 0)
  await client.untilLength(client.head.length + 4 + length)
  client.socket.destroy()
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(client.head)?.[1]), head: client.head, body: client.body.toString() }
}

/** The ways into the plugin, each with the status that says that a request got past the gates. */
export const doors = [
  { name: 'SSE', target: '/realtime/sse', method: 'GET', headers: [], body: '', inside: 200 },
  {
    name: 'WebSocket',
    target: '/realtime/ws',
    method: 'GET',
    headers: ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=='],
    body: '',
    inside: 101
  },
  {
    name: 'POST',
    target: '/realtime/connections/unknown',
    method: 'POST',
    headers: ['content-type: application/json', 'content-length: 23'],
    body: '{"ref":1,"type":"ping"}',
    inside: 404
  }
]
