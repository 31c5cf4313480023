import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** The parts of node:http's own state that a stream has to get past; all undocumented, so all tested before use. */
interface ParserOfNode {
  onIncoming?: unknown
  /** The request read last. */
  incoming?: unknown
  socket?: Socket | null
}

/**
 * Lets go of request and response once the head of a stream is out: node:http
 * forgets them when a response says it is finished, which saves about 2.5 KB a
 * stream (measured on Node 20: 13.3 KB to 11 KB). The parser stays, so a second
 * request on this socket, which would be answered into the middle of the stream,
 * cuts it, also one that has been read already. Where node:http does not look as
 * expected, nothing is done.
 */
export function releaseHttp (request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  const parser = (socket as Socket & { parser?: ParserOfNode | null }).parser
  const state = response as ServerResponse & { _last?: unknown }
  if (parser === null || typeof parser !== 'object' || typeof parser.onIncoming !== 'function' || typeof state._last !== 'boolean') return
  if (parser.incoming !== request && typeof parser.incoming === 'object' && parser.incoming !== null) {
    socket.destroy()
    return
  }
  state._last = false
  parser.onIncoming = cut
  response.emit('finish')
  socket.setTimeout(0)
}

function cut (this: ParserOfNode): number {
  this.socket?.destroy()
  return 0
}
