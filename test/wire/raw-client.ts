import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'
import { Inbox } from './inbox.ts'

/** A socket to the app, as bytes. */
export class RawClient {
  readonly socket: Socket
  /** Resolves when the server has ended or cut it. */
  readonly closed: Promise<void>
  /** Each `data` event of the socket. */
  readonly reads: Buffer[] = []
  readonly #received = new Inbox<string>()

  constructor (socket: Socket) {
    this.socket = socket
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      this.reads.push(bytes)
      this.#received.add(this.text)
    })
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#received.end(`the server closed the socket after ${JSON.stringify(this.text)}`)
        resolve()
      })
    })
  }

  /** All bytes that came. */
  get bytes (): Buffer { return Buffer.concat(this.reads) }

  /** The same, one character a byte. */
  get text (): string { return this.bytes.toString('latin1') }

  /** What came behind the head of the answer. */
  get body (): Buffer { return this.bytes.subarray(this.text.indexOf('\r\n\r\n') + 4) }

  /** The head of the answer. */
  get head (): string { return this.text.slice(0, this.text.indexOf('\r\n\r\n')) }

  write (data: string | Buffer): void { this.socket.write(data) }

  /** Resolves when what came so far contains `part`; rejects if the server closes before. */
  async until (part: string): Promise<string> {
    return await this.#received.until((text) => text.includes(part))
  }

  /** Resolves when so many bytes have come; rejects if the server closes before. */
  async untilLength (length: number): Promise<void> {
    await this.#received.until((text) => text.length >= length)
  }
}

/** Connects to the app, and sends what is given; cut when the test is over. */
export async function rawClient (t: Test, port: number, data: string | Buffer = ''): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => { socket.destroy() })
  const client = new RawClient(socket)
  await once(socket, 'connect')
  if (data.length > 0) client.write(data)
  return client
}

/** An HTTP request as it goes over the wire. */
export function requestText (target: string, headers: string[] = ['host: localhost'], line = 'HTTP/1.1', method = 'GET'): string {
  return [`${method} ${target} ${line}`, ...headers, '', ''].join('\r\n')
}

/** Takes a chunked body apart (RFC 9112 section 7.1), strictly: throws at the first byte out of place. */
export function readChunks (body: Buffer): { chunks: string[], isComplete: boolean } {
  const chunks: string[] = []
  for (let at = 0; at < body.length;) {
    const end = body.indexOf('\r\n', at)
    const size = body.toString('latin1', at, end)
    if (end < 0 || !/^(?:0|[1-9a-f][0-9a-f]*)$/.test(size)) throw new Error(`not a chunk size at ${at}: ${body.toString('latin1', at, at + 40)}`)
    const from = end + 2
    const to = from + Number.parseInt(size, 16)
    if (body.toString('latin1', to, to + 2) !== '\r\n') throw new Error(`chunk at ${at} does not end at ${to}`)
    at = to + 2
    if (size === '0') {
      if (at !== body.length) throw new Error(`${body.length - at} bytes behind the last chunk`)
      return { chunks, isComplete: true }
    }
    chunks.push(body.toString('utf8', from, to))
  }
  return { chunks, isComplete: false }
}
