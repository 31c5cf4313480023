import type { FastifyReply } from 'fastify'

/** Adds the CORS headers for a listed origin; headers that another plugin has set are kept. */
export function addCorsHeaders (reply: FastifyReply, origin: string | undefined): void {
  if (origin === undefined || reply.hasHeader('access-control-allow-origin')) return
  reply.header('access-control-allow-origin', origin)
  reply.header('access-control-allow-credentials', 'true')
}

/** Answers a preflight request of a listed origin. */
export function answerPreflight (reply: FastifyReply): FastifyReply {
  return reply.code(204)
    .header('access-control-allow-methods', 'GET, POST')
    .header('access-control-allow-headers', 'authorization, cache-control, content-type, last-event-id, realtime-origin, realtime-token')
    .header('access-control-max-age', '600')
    .send()
}

/** Tells caches that the answer depends on a header, next to what is told already. */
export function addVary (reply: FastifyReply, name: string): void {
  const vary = String(reply.getHeader('vary') ?? '')
  if (vary === '*' || vary.toLowerCase().split(/\s*,\s*/).includes(name.toLowerCase())) return
  reply.header('vary', vary === '' ? name : `${vary}, ${name}`)
}
