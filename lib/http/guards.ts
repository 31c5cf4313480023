import type { FastifyReply, FastifyRequest, FastifySchema, preHandlerHookHandler } from 'fastify'
import type { WebSocket } from '@fastify/websocket'
import type { Transport } from '../../types/transport.ts'
import type { Handshakes } from './handshake.ts'

/** Begins a stream on a reply. */
export type OpenStream = (request: FastifyRequest, reply: FastifyReply, format: 'event' | 'data') => Transport

/** A line over WebSocket, which lets nothing in while it is paused. */
export interface PausableTransport extends Transport {
  pause (): void
  resume (): void
}

/** Makes a line of a WebSocket. */
export type OpenSocket = (socket: WebSocket) => PausableTransport

/** What stands before the plugin's routes. */
export interface RouteGuards {
  /**
   * Refuses foreign pages, and adds CORS headers for listed ones. Throws ForeignOrigin.
   * `isScript`: a script tag of another site may load it.
   */
  origin (request: FastifyRequest, reply: FastifyReply, isScript?: boolean): void
  /** Refuses foreign pages. Throws ForeignOrigin. */
  checkOrigin (request: FastifyRequest): void
  /** The app's own, before `identify`. */
  readonly preHandler: readonly preHandlerHookHandler[]
  readonly handshakes: Handshakes
  /** Keeps the routes out of generated API documents. */
  readonly hidden: FastifySchema
}
