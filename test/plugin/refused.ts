import { WebSocket } from 'ws'
import type { Kind } from './client.ts'

/** How a handshake was refused. */
export interface Refusal {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: { statusCode?: number, code?: string, message?: string, refused?: string[] }
}

/** Tries to connect, and resolves with the refusal; rejects where it is let in. */
export async function refused (kind: Kind, url: string, query = '', headers: Record<string, string> = {}): Promise<Refusal> {
  const target = `${url}/realtime/${kind}${query}`
  return kind === 'sse' ? await refusedStream(target, headers) : await refusedSocket(target, headers)
}

async function refusedStream (url: string, headers: Record<string, string>): Promise<Refusal> {
  const stop = new AbortController()
  const response = await fetch(url, { headers, signal: stop.signal })
  if (response.status === 200) {
    stop.abort()
    throw new Error('the stream was let in')
  }
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.json() as Refusal['body'] }
}

async function refusedSocket (url: string, headers: Record<string, string>): Promise<Refusal> {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers })
  socket.on('error', () => {})
  return await new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.terminate()
      reject(new Error('the socket was let in'))
    })
    socket.on('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', (data) => { body += String(data) })
      response.on('close', () => {
        try {
          resolve({ status: response.statusCode!, headers: response.headers, body: JSON.parse(body) as Refusal['body'] })
        } catch (error) {
          reject(error)
        }
      })
    })
  })
}
