import { connect, type Socket } from 'node:net'
import type { WireFormat } from '../../types/wire.ts'
import { readEvents, type WireEvent } from './events.ts'

/** How a client connects, and when its line is cut. */
export interface Line {
  readonly protocol: 'HTTP/1.1' | 'HTTP/1.0' | 'WebSocket'
  readonly user: string | null
  readonly groups: readonly string[]
  readonly origin: string | undefined
  /** So many bytes of the stream arrive; all of them by default. */
  readonly cut: number | undefined
}

/** A client on a bare TCP socket, which keeps every byte it gets. */
export class SocketClient {
  readonly format: WireFormat
  readonly #socket: Socket
  readonly #cut: number
  #bytes = Buffer.alloc(0)
  #body = -1
  #waiting: Array<() => void> = []

  constructor (port: number, { protocol, user, groups, origin, cut }: Line) {
    this.format = ({ 'HTTP/1.1': 'event-chunked', 'HTTP/1.0': 'event', WebSocket: 'websocket' } as const)[protocol]
    this.#cut = cut ?? Infinity
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.on('error', () => {})
    this.#socket.on('data', (bytes) => {
      this.#take(bytes)
      this.#wake()
    })
    this.#socket.on('close', () => { this.#wake() })
    const isSocket = protocol === 'WebSocket'
    this.#socket.write([
      `GET /realtime/${isSocket ? 'ws' : 'sse'}?groups=${groups.join(',')} ${isSocket ? 'HTTP/1.1' : protocol}`,
      'host: 127.0.0.1',
      ...user === null ? [] : [`x-user: ${user}`],
      ...origin === undefined ? [] : [`realtime-origin: ${origin}`],
      ...isSocket ? ['connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=='] : [],
      '\r\n'
    ].join('\r\n'))
  }

  /** Whether its line was cut. */
  get isCut (): boolean {
    return this.#socket.destroyed
  }

  /** What arrived, whole events only. */
  get events (): WireEvent[] {
    return this.#body < 0 ? [] : readEvents(this.format, this.#bytes.subarray(this.#body))
  }

  /** The first event that fits, once it is here, or `undefined` where the line is cut before. */
  async first (fits: (event: WireEvent) => boolean): Promise<WireEvent | undefined> {
    for (;;) {
      const event = this.events.find(fits)
      if (event !== undefined || this.isCut) return event
      await new Promise<void>((resolve) => { this.#waiting.push(resolve) })
    }
  }

  /** Sends a command as a text frame, masked with zeros. */
  command (command: object): void {
    const payload = Buffer.from(JSON.stringify(command))
    this.#socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]))
  }

  destroy (): void {
    this.#socket.destroy()
  }

  #wake (): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  #take (bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    if (this.#body < 0) {
      const end = this.#bytes.indexOf('\r\n\r\n')
      if (end < 0) return
      this.#body = end + 4
    }
    if (this.#bytes.length - this.#body < this.#cut) return
    this.#bytes = this.#bytes.subarray(0, this.#body + this.#cut)
    this.#socket.destroy()
  }
}
