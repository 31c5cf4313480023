import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'

/** What is waited for is shorter: so much of what was read is looked at again with the next piece. */
const MAX_WANTED = 200

export interface RawClient {
  readonly socket: Socket
  /** Everything that was read, one character a byte. */
  readonly text: string
  /** Resolves when this has been read. */
  until (text: string): Promise<void>
  /** Resolves when the server has ended the line or cut it. */
  readonly ended: Promise<void>
}

/** Sends a request as it is, over a socket that the test may do with what it likes. */
export function sendRaw (t: Test, url: string, request: string): RawClient {
  const { port } = new URL(url)
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
  t.teardown(() => { socket.destroy() })
  const read: string[] = []
  let recent = ''
  const waiting = new Set<(text: string) => void>()
  socket.setEncoding('latin1')
  socket.on('error', () => {})
  socket.on('data', (data: string) => {
    read.push(data)
    recent += data
    for (const look of waiting) look(recent)
    recent = recent.slice(-MAX_WANTED)
  })
  socket.write(request)
  return {
    socket,
    get text () { return read.join('') },
    until: async (wanted) => {
      await new Promise<void>((resolve) => {
        const look = (text: string): void => {
          if (!text.includes(wanted)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look(read.join(''))
      })
    },
    ended: new Promise((resolve) => {
      socket.on('end', resolve)
      socket.on('close', () => { resolve() })
    })
  }
}

/** The head of a request for a stream. */
export function streamRequest (query = '', version = '1.1'): string {
  return `GET /realtime/sse${query} HTTP/${version}\r\nhost: 127.0.0.1\r\n\r\n`
}

/** The head of a request for a WebSocket. */
export function socketRequest (query = ''): string {
  return `GET /realtime/ws${query} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`
}
