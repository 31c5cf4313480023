import type { ClientOptions } from '../../types/client.ts'
import { failure, type Failure } from './failure.ts'
import type { Platform } from './platform.ts'

/** Options that say where the plugin is. */
export interface LocatedOptions extends ClientOptions {
  url: string
}

/** A request to a path of the plugin, as the app's options have it. */
export type Requester = (path: string, init: { method?: string, body?: string, headers: Record<string, string>, signal: AbortSignal }) => Promise<Response>

/**
 * Requests under the app's credentials. Where the server refuses them and there
 * is a `token` function, that is asked for a fresh one and the request repeated, once.
 */
export function createRequester (platform: Platform, options: LocatedOptions): Requester {
  const url = options.url.replace(/\/+$/, '')
  const { token, headers: own, credentials } = options

  return async (path, init) => {
    const attempt = async (refresh: boolean): Promise<Response> => {
      const headers = new Headers(typeof own === 'function' ? await own() : own)
      if (token) headers.set('authorization', `Bearer ${await bearer(token, refresh)}`)
      for (const [name, value] of Object.entries(init.headers)) headers.set(name, value)
      return platform.fetch(url + path, { cache: 'no-store', credentials, ...init, headers })
    }
    const response = await attempt(false)
    if (!token || !isRefusal(response.status)) return response
    discard(response)
    return attempt(true)
  }
}

async function bearer (token: NonNullable<ClientOptions['token']>, refresh: boolean): Promise<string> {
  try {
    return await token({ refresh })
  } catch (error) {
    throw failure('token', String(error))
  }
}

/** The credentials were not accepted. */
export function isRefusal (status: number | undefined): boolean {
  return status === 401 || status === 403
}

/** What an answer that is of no use says. */
export async function failureOf (response: Response, now: number): Promise<Failure> {
  const { status, headers } = response
  const retryAfter = headers.get('retry-after')
  const floor = retryAfter ? Number(retryAfter) * 1000 || Date.parse(retryAfter) - now || 0 : 0
  let body: { code?: unknown, message?: unknown } = {}
  if (headers.get('content-type')?.includes('json')) body = await response.json().catch(() => ({})) ?? {}
  else discard(response)
  const code = typeof body.code === 'string' ? body.code : `HTTP ${status}`
  return failure(code, typeof body.message === 'string' ? body.message : code, { status, floor })
}

function discard (response: Response): void {
  response.body?.cancel().catch(() => {})
}
