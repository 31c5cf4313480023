import type { Http2Session, ServerHttp2Stream } from 'node:http2'
import { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Transport, TransportOwner } from '../../types/transport.ts'
import type { WireFormat } from '../../types/wire.ts'
import { LAST_CHUNK } from '../protocol/sse.ts'
import { releaseHttp } from './release.ts'

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-store, no-transform, private',
  'x-accel-buffering': 'no'
}

/**
 * Begins a stream: hijacks the reply, sends the head with every header set so far,
 * and picks the writer that fits the line. A request that was pipelined behind one
 * without an answer has no line of its own, and node:http would never tell that it
 * is gone: its socket is cut.
 *
 * @throws what node:http says to a head that was sent already, or to a header it cannot send
 */
export function openSse (request: FastifyRequest, reply: FastifyReply, format: 'event' | 'data'): Transport {
  const response = reply.raw
  const { socket } = request.raw
  const isHttp1 = request.raw.httpVersionMajor === 1
  if (isHttp1 && response.socket === null) {
    response.destroy()
    socket.destroy()
  }
  response.writeHead(200, { ...reply.getHeaders(), ...HEADERS } as Record<string, string>)
  reply.hijack()
  response.flushHeaders()
  const isSocket = isHttp1 && socket instanceof Socket && response.socket === socket
  if (!isSocket) return new ResponseStream(reply, format)
  const isChunked = response.chunkedEncoding
  socket.setNoDelay(true)
  releaseHttp(request.raw, response)
  return new SocketStream(socket, isChunked ? `${format}-chunked` : format, isChunked)
}

const STREAM = Symbol('stream')
type StreamSocket = Socket & { [STREAM]?: SocketStream }

/** Writes to the socket itself, with chunk framing of its own or none (HTTP/1.0). */
class SocketStream implements Transport {
  readonly kind = 'sse'
  readonly format: WireFormat
  readonly #socket: StreamSocket
  readonly #isChunked: boolean
  #owner: TransportOwner | undefined

  constructor (socket: Socket, format: WireFormat, isChunked: boolean) {
    this.#socket = socket
    this.format = format
    this.#isChunked = isChunked
    this.#socket[STREAM] = this
    socket.setTimeout(0)
    socket.setKeepAlive(true, 15_000)
    socket.on('drain', onSocketDrain)
    socket.on('close', onSocketClose)
  }

  get buffered (): number { return this.#socket.writableLength }
  get accepted (): number { return this.#socket.bytesWritten - this.#socket.writableLength }

  attach (owner: TransportOwner): void {
    this.#owner = owner
    if (this.#socket.destroyed) process.nextTick(() => { owner.closed() })
  }

  write (bytes: Buffer): boolean {
    return this.#socket.write(bytes)
  }

  /** Ends it once all is flushed, without waiting for the client to end its half: browsers may keep that open for long. */
  end (): void {
    if (this.#isChunked) this.#socket.write(LAST_CHUNK)
    this.#socket.destroySoon()
  }

  destroy (): void { this.#socket.destroy() }
  drained (): void { this.#owner?.drained() }
  closed (): void { this.#owner?.closed() }
}

function onSocketDrain (this: StreamSocket): void { this[STREAM]?.drained() }
function onSocketClose (this: StreamSocket): void { this[STREAM]?.closed() }

/**
 * Writes through the response: HTTP/2, `inject`, and whatever else is no plain
 * socket. At a shutdown it is over when the HTTP/2 session is, since Node before
 * 24 does not close a server whose sessions are idle.
 */
class ResponseStream implements Transport {
  readonly kind = 'sse'
  readonly format: WireFormat
  readonly #response: FastifyReply['raw']
  #accepted = 0
  #line: Socket | undefined
  #owner: TransportOwner | undefined

  constructor (reply: FastifyReply, format: WireFormat) {
    this.#response = reply.raw
    this.format = format
  }

  get buffered (): number { return this.#response.writableLength }
  get accepted (): number { return this.#accepted - this.#response.writableLength }

  attach (owner: TransportOwner): void {
    this.#owner = owner
    this.#response.on('drain', () => { owner.drained() })
    this.#response.on('error', () => { this.#response.destroy() })
    if (this.#isGone()) process.nextTick(() => { owner.closed() })
    else this.#response.once('close', () => { if (this.#line === undefined) owner.closed() })
  }

  write (bytes: Buffer): boolean {
    this.#accepted += bytes.length
    return this.#response.write(bytes)
  }

  end (_code: number, reason: string): void {
    const session = this.#stream?.session
    if (reason === 'shutdown' && session?.destroyed === false) {
      this.#line = lineOf(session)
      session.setMaxListeners(0).once('close', () => { this.#owner?.closed() })
    }
    this.#response.end()
    if (this.#line !== undefined) session?.close()
  }

  destroy (): void {
    this.#response.destroy()
    this.#line?.destroy()
  }

  get #stream (): ServerHttp2Stream | undefined {
    return (this.#response as { stream?: ServerHttp2Stream }).stream
  }

  /** A response over HTTP/2 does not tell by itself that it is destroyed. */
  #isGone (): boolean {
    return this.#response.destroyed || this.#stream?.destroyed === true
  }
}

/**
 * The socket of an HTTP/2 session: `session.socket` lets nobody destroy it, and a
 * session that is closing cannot be cut; but its `off` returns the socket itself.
 */
function lineOf (session: Http2Session): Socket {
  return session.socket.off('close', () => {})
}
