import type { FastifyInstance } from 'fastify'
import { openConnection } from '../connection/opening.ts'
import { beginStream, type OwnRoutes } from './own-routes.ts'

/** `GET /sse`: a stream of Server-Sent Events. */
export function sseRoute (scope: FastifyInstance, own: OwnRoutes): void {
  const { context, guards } = own
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
      if (handshake !== undefined) openConnection(context, beginStream(own, reply, handshake, 'event'), handshake)
      else reply.hijack()
    }
  })
}
