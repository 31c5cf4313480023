import type { FastifyInstance } from 'fastify'
import { channels } from '../protocol/channels.ts'
import { parseJson } from '../protocol/command.ts'
import { connectionsRoute } from './connections-route.ts'
import { answerPreflight } from './cors.ts'
import { answerFailure } from './failure.ts'
import type { OwnRoutes } from './own-routes.ts'
import { scriptsRoute } from './scripts-route.ts'
import { sseRoute } from './sse-route.ts'
import { wsRoute } from './ws-route.ts'

const HANDSHAKES = new Set(['/sse', '/ws'])

/**
 * The plugin's routes, in a scope with a parser, a serialiser and an error handler
 * of their own, so that the app's neither break nor loosen them. They send JSON as
 * text, which no preSerialization hook of the app's gets to see.
 */
export function addRoutes (scope: FastifyInstance, own: OwnRoutes): void {
  const { guards, context } = own
  const { maxMessageBytes } = context.limits
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: maxMessageBytes }, async (_request: unknown, body: string) => parseJson(body))
  scope.setReplySerializer((payload) => JSON.stringify(payload))
  scope.setErrorHandler((error, request, reply) => {
    if (HANDSHAKES.has(request.routeOptions.url?.slice(scope.prefix.length) ?? '')) {
      context.counters.handshakesRefused++
      if (channels.refuse.hasSubscribers) channels.refuse.publish({ error, request })
    }
    answerFailure(error, request, reply, maxMessageBytes)
  })
  sseRoute(scope, own)
  wsRoute(scope, own)
  connectionsRoute(scope, own)
  scriptsRoute(scope, guards)
  scope.route({
    method: 'OPTIONS',
    url: '/*',
    schema: guards.hidden,
    onRequest: async (request, reply) => { guards.origin(request, reply) },
    handler: async (_request, reply) => await answerPreflight(reply)
  })
}
