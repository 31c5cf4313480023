import type { FastifyInstance } from 'fastify'
import { openConnection } from '../connection/opening.ts'
import { errors } from '../errors.ts'
import type { OwnRoutes } from './own-routes.ts'

/** `GET /ws`: a WebSocket; anything but an upgrade over HTTP/1.1 is answered 426. */
export function wsRoute (scope: FastifyInstance, { context, guards, openSocket }: OwnRoutes): void {
  const { handshakes } = guards
  scope.route({
    method: 'GET',
    url: '/ws',
    exposeHeadRoute: false,
    schema: guards.hidden,
    onRequest: async (request, reply) => {
      guards.origin(request, reply)
      if (!request.ws) throw new errors.UpgradeRequired('the request asked for no upgrade')
      handshakes.begin(request, reply)
    },
    preHandler: [...guards.preHandler, async (request) => { await handshakes.decide(request) }],
    handler: async () => { throw new errors.UpgradeRequired('the request asked for no upgrade') },
    wsHandler: (socket, request) => {
      const handshake = handshakes.take(request)
      if (handshake === undefined) {
        socket.terminate()
        return
      }
      const transport = openSocket(socket)
      transport.pause()
      openConnection(context, transport, handshake, () => { transport.resume() })
    }
  })
}
