import type { Socket } from 'node:net'
import type { WebSocket } from '@fastify/websocket'
import type { Limits } from '../../types/options.ts'
import type { Transport, TransportOwner } from '../../types/transport.ts'

const TRANSPORT = Symbol('transport')
type OwnedSocket = WebSocket & { [TRANSPORT]?: WebSocketTransport }
type OwnedLine = Socket & { [TRANSPORT]?: WebSocketTransport }

/** Parts of `ws` that are not in its types, each tested before use. */
interface Internals {
  _socket?: OwnedLine | null
  _receiver?: { _maxPayload?: unknown }
}

/**
 * A WebSocket that @fastify/websocket upgraded. Ready-made frames, shared with
 * every other connection, go to its socket directly: `ws` itself writes frames
 * there in the same order, as no extension is negotiated.
 */
export class WebSocketTransport implements Transport {
  readonly kind = 'ws'
  readonly format = 'websocket'
  readonly #socket: OwnedSocket
  readonly #line: OwnedLine
  readonly #maxBufferedBytes: number
  #isChoked = false
  #owner: TransportOwner | undefined

  /**
   * `maxMessageBytes` is enforced by closing with 1009, whatever limit the server
   * that upgraded it has. One who leaves more than `maxBufferedBytes` unread is not
   * read from either, so that replies cannot pile up.
   */
  constructor (socket: WebSocket, { maxMessageBytes, maxBufferedBytes }: Limits) {
    const { _socket: line, _receiver: receiver } = socket as unknown as Internals
    if (line === undefined || line === null) throw new Error('the WebSocket has no open socket')
    if (typeof receiver?._maxPayload === 'number') receiver._maxPayload = maxMessageBytes
    this.#maxBufferedBytes = maxBufferedBytes
    this.#socket = socket
    this.#line = line
    this.#socket[TRANSPORT] = this
    this.#line[TRANSPORT] = this
    socket.removeAllListeners('error')
    socket.on('error', onError)
    socket.on('message', onMessage)
    socket.on('close', onClose)
    line.on('drain', onDrain)
    line.setNoDelay?.(true)
    line.setKeepAlive?.(true, 15_000)
  }

  get buffered (): number { return this.#socket.bufferedAmount }
  get accepted (): number { return this.#line.bytesWritten - this.#line.writableLength }

  attach (owner: TransportOwner): void {
    this.#owner = owner
    if (this.#socket.readyState === 3) process.nextTick(() => { owner.closed() })
  }

  /** Lets nothing in until {@link resume}. */
  pause (): void { this.#socket.pause() }
  resume (): void { this.#socket.resume() }

  write (bytes: Buffer): boolean {
    if (bytes.length === 0 || this.#socket.readyState !== 1) return true
    const isFree = this.#line.write(bytes)
    if (!isFree && !this.#isChoked && this.#line.writableLength > this.#maxBufferedBytes) {
      this.#isChoked = true
      this.pause()
    }
    return isFree
  }

  end (code: number, reason: string): void {
    this.#socket.resume()
    this.#socket.close(code, reason)
  }

  destroy (): void { this.#socket.terminate() }

  drained (): void {
    if (this.#isChoked) {
      this.#isChoked = false
      this.resume()
    }
    this.#owner?.drained()
  }

  closed (): void { this.#owner?.closed() }

  received (data: Buffer, isBinary: boolean): void {
    if (isBinary) this.#owner?.unreadable('binary frame')
    else this.#owner?.received(data.toString('utf8'))
  }

  /** `ws` refused what came in, and is closing with the fitting code (1002, 1007, 1009). */
  failed (): void { this.#owner?.failed() }
}

function onMessage (this: OwnedSocket, data: unknown, isBinary: boolean): void {
  this[TRANSPORT]?.received(data as Buffer, isBinary)
}

function onError (this: OwnedSocket): void { this[TRANSPORT]?.failed() }
function onClose (this: OwnedSocket): void { this[TRANSPORT]?.closed() }
function onDrain (this: OwnedLine): void { this[TRANSPORT]?.drained() }
