import type { FastifyRequest } from 'fastify'
import { errors } from '../errors.ts'
import { quoted } from '../protocol/names.ts'

/** A serialised origin with a host, as browsers send it: https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin */
const ORIGIN = /^(https?):\/\/([^/\s,@]+)$/
const LOOPBACK = /^(?:localhost|[a-z0-9-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/
const DEFAULT_PORTS: Record<string, string> = { http: ':80', https: ':443' }

/** Which pages may talk to the plugin's routes. */
export interface OriginRule {
  /** Origins besides the request's own host, compared to the letter. */
  readonly origins: ReadonlySet<string>
  /** Whether any page on a loopback host may: in development. */
  readonly loopback: boolean
}

/**
 * Refuses requests that a foreign page makes with its visitor's cookies: browsers
 * guard neither WebSocket upgrades nor the sending of simple requests.
 *
 * An `Origin` must match the request's own host and port (`request.host`, so
 * `trustProxy` holds), or be listed; an http page never matches an https request;
 * `null` never matches. Without one, only what the browser itself calls cross-site
 * is refused, and that not where `isScript`: a script tag sends no origin, and a
 * script carries no data.
 *
 * @returns the origin where it is a listed one, for CORS
 * @throws ForeignOrigin
 */
export function checkOrigin (request: FastifyRequest, rule: OriginRule, isScript: boolean): string | undefined {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin === undefined) {
    if (site === 'cross-site' && !isScript) throw new errors.ForeignOrigin('another site', quoted(request.host))
    return undefined
  }
  if (rule.origins.has(origin)) return origin
  if (isOwn(origin, request) || (rule.loopback && LOOPBACK.test(ORIGIN.exec(origin)?.[2] ?? ''))) return undefined
  throw new errors.ForeignOrigin(quoted(origin), quoted(`${request.protocol}://${request.host}`))
}

function isOwn (origin: string, request: FastifyRequest): boolean {
  const parts = ORIGIN.exec(origin)
  if (parts === null) return false
  const [, scheme, host] = parts
  if (scheme === 'http' && request.protocol === 'https') return false
  return withoutDefaultPort(host!, scheme!) === withoutDefaultPort(request.host, scheme!)
}

function withoutDefaultPort (host: string, scheme: string): string {
  const port = DEFAULT_PORTS[scheme]!
  return host.endsWith(port) ? host.slice(0, -port.length) : host
}
