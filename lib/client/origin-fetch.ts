import type { Platform } from './platform.ts'

/** `fetch`, with the tab's public tag on requests to the origin that the plugin is on. */
export function createOriginFetch (platform: Platform, url: string, tag: string): typeof fetch {
  const isOurs = (target: string): boolean => {
    try {
      return new URL(target, platform.base).origin === new URL(url, platform.base).origin
    } catch {
      return false
    }
  }
  return (input, init) => {
    const request = typeof input === 'object' && 'url' in input ? input : undefined
    if (!isOurs(request?.url ?? String(input))) return platform.fetch(input, init)
    const headers = new Headers(init?.headers ?? request?.headers)
    headers.set('realtime-origin', tag)
    return platform.fetch(input, { ...init, headers })
  }
}
