const NAMES_OF_SECRETS = ['ticket', 'access_token']
const SECRET = new RegExp(`([?&](?:${NAMES_OF_SECRETS.map(orEncoded).join('|')})=)[^&#]*`, 'gi')

/**
 * A URL as it may be logged: the values of `ticket` and `access_token` replaced.
 * The plugin's own routes log their URLs so; apps whose routes take such values
 * may do the same.
 */
export function redactUrl (url: string): string {
  return url.replace(SECRET, '$1redacted')
}

/** A pattern for a name of which any character may be percent-encoded. */
function orEncoded (name: string): string {
  const code = (char: string): string => `%${char.charCodeAt(0).toString(16)}`
  return Array.from(name, (char) => `(?:${char}|${code(char)}|${code(char.toUpperCase())})`).join('')
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
      if (typeof value !== 'object' || value === null) return undefined
      return name === 'raw' ? redacted(value) : redactedQuery(value)
    }
  })
}

function redactedQuery (query: object): object {
  return Object.fromEntries(Object.entries(query).map(([name, value]) =>
    [name, NAMES_OF_SECRETS.includes(name.toLowerCase()) ? 'redacted' : value]))
}
