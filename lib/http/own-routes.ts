import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WebSocket } from '@fastify/websocket'
import type { RealtimeConnection } from '../../types/connection.ts'
import type { StreamOptions, UpgradeOptions } from '../../types/realtime.ts'
import type { Transport } from '../../types/transport.ts'
import type { Context } from '../connection/context.ts'
import { openConnection, type Handshake } from '../connection/opening.ts'
import { callObserver } from '../protocol/callback.ts'
import { closings } from '../protocol/close.ts'
import { errors } from '../errors.ts'
import { isGroupName, quoted } from '../protocol/names.ts'
import type { OpenSocket, OpenStream, RouteGuards } from './guards.ts'
import { readResumption } from './handshake-query.ts'

/** What streams and sockets on the app's own routes go through. */
export interface OwnRoutes {
  readonly context: Context
  readonly guards: RouteGuards
  readonly openStream: OpenStream
  readonly openSocket: OpenSocket
}

/**
 * Turns the reply of any route into a stream: the Origin guard, `identify` and the
 * limits apply, the groups are the server's own word. Resolves when it is open.
 *
 * @throws whatever refuses, for the route's own error handler
 */
export async function streamOn (own: OwnRoutes, reply: FastifyReply, options: StreamOptions): Promise<RealtimeConnection> {
  const { request } = reply
  own.guards.origin(request, reply)
  const handshake = await shake(own, request, options.groups ?? [], options.after, options.commands === true)
  const transport = beginStream(own, reply, handshake, options.format ?? 'event')
  return await new Promise((resolve) => {
    openConnection(own.context, transport, handshake, (connection) => {
      resolve(own.context.handle(connection))
    })
  })
}

/**
 * Begins the stream of an accepted handshake. Where that fails, what is held for
 * the handshake is given back.
 *
 * @throws whatever openStream does
 */
export function beginStream ({ context, openStream }: OwnRoutes, reply: FastifyReply, { claim, seat }: Handshake, format: 'event' | 'data'): Transport {
  try {
    return openStream(reply.request, reply, format)
  } catch (error) {
    claim.release()
    context.registry.release(seat)
    throw error
  }
}

/**
 * Turns the WebSocket of any route into a connection. What refuses it closes it
 * with the fitting code, and rejects.
 */
export async function upgradeOn (own: OwnRoutes, socket: WebSocket, request: FastifyRequest, options: UpgradeOptions): Promise<RealtimeConnection> {
  const { context } = own
  const transport = own.openSocket(socket)
  transport.pause()
  let handshake: Handshake
  try {
    own.guards.checkOrigin(request)
    handshake = await shake(own, request, options.groups ?? [], undefined, options.commands === true)
  } catch (error) {
    const reason = reasonFor(error)
    transport.end(closings[reason].code, reason)
    throw error
  }
  let handle: RealtimeConnection
  const onText = options.commands === true ? undefined : (text: string) => { tell(context, 'onMessage', () => options.onMessage?.(text, handle)) }
  return await new Promise((resolve) => {
    openConnection(context, transport, onText === undefined ? handshake : { ...handshake, onText }, (connection) => {
      handle = context.handle(connection)
      if (options.onClose !== undefined) socket.once('close', () => { tell(context, 'onClose', () => options.onClose!(handle)) })
      transport.resume()
      resolve(handle)
    })
  })
}

async function shake (own: OwnRoutes, request: FastifyRequest, groups: readonly string[], after: string | undefined, commands: boolean): Promise<Handshake> {
  const { context, guards } = own
  guards.handshakes.checkOpen()
  for (const group of groups) if (!isGroupName(group)) throw new errors.BadGroup(quoted(group))
  const { after: presented, issuedFor, origin } = readResumption(request)
  const claim = context.revocations.claim()
  try {
    const identity = await context.policy.identify(request)
    guards.handshakes.checkOpen()
    const seat = context.registry.seat(identity.user, request.ip)
    return { identity, seat, claim, groups: [...new Set(groups)], granted: true, refused: [], after: after ?? presented, issuedFor, origin, commands }
  } catch (error) {
    claim.release()
    throw error
  }
}

function reasonFor (error: unknown): 'forbidden' | 'unauthenticated' | 'over-capacity' {
  const { statusCode } = error as { statusCode?: number }
  if (statusCode === 401) return 'unauthenticated'
  return statusCode === 429 || statusCode === 503 ? 'over-capacity' : 'forbidden'
}

function tell (context: Context, hook: string, call: () => unknown): void {
  callObserver(call, (error) => {
    context.counters.hookFailures++
    context.log.error({ err: error, hook }, 'a realtime observer failed')
  })
}
