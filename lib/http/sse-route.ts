import type { FastifyInstance } from 'fastify'
import { openConnection } from '../connection/opening.ts'
import type { OwnRoutes } from './own-routes.ts'

/** `GET /sse`: a stream of Server-Sent Events. */
export function sseRoute (scope: FastifyInstance, { context, guards, openStream }: OwnRoutes): void {
  const { handshakes } = guards
  scope.route({
    method: 'GET',
    url: '/sse',
    exposeHeadRoute: false,
    schema: guards.hidden,
    onRequest: async (request, reply) => {
      guards.origin(request, reply)
      handshakes.begin(request, reply)
    },
    preHandler: [...guards.preHandler, async (request) => { await handshakes.decide(request) }],
    handler: (request, reply) => {
      const handshake = handshakes.take(request)
      if (handshake !== undefined) openConnection(context, openStream(request, reply, 'event'), handshake)
      else reply.hijack()
    }
  })
}
