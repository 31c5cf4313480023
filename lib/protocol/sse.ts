/** Server-Sent Events on the wire: https://html.spec.whatwg.org/multipage/server-sent-events.html */

/**
 * One event block. Ids and event names come from our grammar and JSON text holds
 * no raw line ends, so nothing needs escaping: a value can never begin a field.
 */
export function eventBlock (id: string | null, event: string, json: string): string {
  return id === null
    ? `event: ${event}\ndata: ${json}\n\n`
    : `id: ${id}\nevent: ${event}\ndata: ${json}\n\n`
}

/** A comment, which keeps proxies and watchdogs content and no client hears. */
export const KEEPALIVE = ':keepalive\n\n'

/** Tells clients how long to wait before they reconnect, in milliseconds. */
export function retryField (delay: number): string {
  return `retry: ${delay}\n`
}

/** `text` as one HTTP/1.1 chunk (RFC 9112 section 7.1). */
export function chunk (text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
}

/** The chunk that ends a chunked body. */
export const LAST_CHUNK = Buffer.from('0\r\n\r\n')
