const SECRET = /([?&](?:ticket|access_token)=)[^&#]*/gi

/**
 * A URL as it may be logged: the values of `ticket` and `access_token` replaced.
 * The plugin's own routes log their URLs so; apps whose routes take such values
 * may do the same.
 */
export function redactUrl (url: string): string {
  return url.replace(SECRET, '$1redacted')
}

/**
 * A serialiser for requests in logs that hands on to `inner` a request whose URLs
 * are redacted.
 */
export function redactingSerializer (inner: (request: unknown) => unknown): (request: unknown) => unknown {
  return (request) => {
    const { url } = request as { url?: unknown }
    if (typeof url !== 'string' || redactUrl(url) === url) return inner(request)
    return inner(redacted(request as object))
  }
}

const NAMES = new Set<PropertyKey>(['url', 'originalUrl', 'query', 'raw'])

function redacted (request: object): object {
  return new Proxy(request, {
    get (target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (!NAMES.has(name)) return typeof value === 'function' ? value.bind(target) as unknown : value
      if (typeof value === 'string') return redactUrl(value)
      if (name === 'raw' && typeof value === 'object' && value !== null) return redacted(value)
      return undefined
    }
  })
}
