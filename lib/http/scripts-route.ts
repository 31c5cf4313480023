import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FastifyInstance } from 'fastify'
import type { RouteGuards } from './guards.ts'

const SCRIPTS = ['client.js', 'worker.js'] as const

/**
 * `GET /client.js` and `/worker.js`: the browser's half. They are public and carry
 * no data, so no hook of the app runs before them. With the content's hash as `v`
 * they never change; without, browsers ask each time and mostly hear 304.
 */
export function scriptsRoute (scope: FastifyInstance, guards: RouteGuards): void {
  for (const name of SCRIPTS) {
    const body = load(name)
    if (body === undefined) {
      scope.log.warn(`realtime: ${name} has not been built, so it is not served`)
      continue
    }
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 16)
    const etag = `"${hash}"`
    scope.route<{ Querystring: { v?: unknown } }>({
      method: 'GET',
      url: `/${name}`,
      schema: guards.hidden,
      onRequest: async (request, reply) => { guards.origin(request, reply, true) },
      handler: async (request, reply) => {
        reply.header('etag', etag)
          .header('cache-control', request.query?.v === hash ? 'public, max-age=31536000, immutable' : 'public, max-age=0, must-revalidate')
          .header('cross-origin-resource-policy', 'cross-origin')
          .header('x-content-type-options', 'nosniff')
        if (names(request.headers['if-none-match'], etag)) return await reply.code(304).send()
        return await reply.type('text/javascript; charset=utf-8').send(body)
      }
    })
  }
}

function names (ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag)
}

function load (name: string): string | undefined {
  try {
    return readFileSync(createRequire(import.meta.url).resolve(`fastify-realtime/${name}`), 'utf8')
  } catch {
    return undefined
  }
}
