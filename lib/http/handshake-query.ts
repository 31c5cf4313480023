import type { FastifyRequest } from 'fastify'
import { errors } from '../errors.ts'
import { isGroupName, isOriginTag, quoted } from '../protocol/names.ts'

/** Where a client left off, and which tab it is. */
export interface Resumption {
  /** The cursor presented, whatever it is: never refused, answered by a gap where it does not hold. */
  readonly after: string | undefined
  /** The user that cursor was issued for. */
  readonly issuedFor: string | undefined
  readonly origin: string | undefined
}

/** What a handshake asks for. */
export interface HandshakeQuery extends Resumption {
  readonly groups: readonly string[]
  /** Take what is allowed, and list what is not. */
  readonly partial: boolean
}

/**
 * Reads the query of a handshake, apart from the app's own query parser. What the
 * plugin does not know is the app's.
 *
 * @throws BadGroup, TooManyGroups, BadOriginTag
 */
export function readHandshakeQuery (request: FastifyRequest, maxGroups: number): HandshakeQuery {
  const query = queryOf(request)
  const groups = new Set<string>()
  for (const list of query.getAll('groups')) {
    for (const name of list.split(',')) {
      if (name === '') continue
      if (!isGroupName(name)) throw new errors.BadGroup(quoted(name))
      groups.add(name)
      if (groups.size > maxGroups) throw new errors.TooManyGroups(maxGroups)
    }
  }
  return { ...readResumption(request), groups: [...groups], partial: query.get('partial') === '1' }
}

/**
 * The part of a handshake that routes of the app's own have too. The header that
 * an EventSource sends when it comes back is newer than the URL it was made with.
 *
 * @throws BadOriginTag
 */
export function readResumption (request: FastifyRequest): Resumption {
  const query = queryOf(request)
  const origin = query.get('origin') ?? header(request, 'realtime-origin')
  if (origin !== undefined && !isOriginTag(origin)) throw new errors.BadOriginTag(quoted(origin))
  return {
    after: header(request, 'last-event-id') ?? query.get('after') ?? undefined,
    issuedFor: query.get('for') ?? undefined,
    origin
  }
}

function queryOf (request: FastifyRequest): URLSearchParams {
  const url = request.raw.url ?? ''
  const start = url.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1))
}

function header (request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}
