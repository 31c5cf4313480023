/** A block of an event stream that has data. */
export interface StreamEvent {
  /** Its own `id:`, not one that an earlier block left behind. */
  readonly id: string | undefined
  readonly event: string | undefined
  readonly data: string
}

export interface StreamEvents {
  event (event: StreamEvent): void
  /** The server set the reconnection time, in milliseconds. */
  retry? (delay: number): void
}

/**
 * Parses an event stream (WHATWG HTML, section 9.2.6) from bytes, cut anywhere.
 * Returns what takes the next bytes. Every character is looked at once, however
 * the stream is cut: a line that goes on in the next bytes is not searched again.
 */
export function createStreamParser (events: StreamEvents): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder()
  let head = ''
  let endedWithCr = false
  let id: string | undefined
  let event: string | undefined
  let data: string | undefined

  function line (text: string): void {
    if (text === '') {
      if (data !== undefined) events.event({ id, event, data })
      id = event = data = undefined
      return
    }
    const colon = text.indexOf(':')
    const field = colon < 0 ? text : text.slice(0, colon)
    const value = colon < 0 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`
    else if (field === 'event') event = value || undefined
    else if (field === 'id' && !value.includes('\0')) id = value
    else if (field === 'retry' && /^\d+$/.test(value)) events.retry?.(Number(value))
  }

  return (bytes) => {
    const text = decoder.decode(bytes, { stream: true })
    if (text === '') return
    let from = endedWithCr && text[0] === '\n' ? 1 : 0
    endedWithCr = text.endsWith('\r')
    let cr = text.indexOf('\r', from)
    let lf = text.indexOf('\n', from)
    while (cr >= 0 || lf >= 0) {
      const end = cr >= 0 && (lf < 0 || cr < lf) ? cr : lf
      line(head + text.slice(from, end))
      head = ''
      from = end === cr && lf === cr + 1 ? lf + 1 : end + 1
      if (cr >= 0 && cr < from) cr = text.indexOf('\r', from)
      if (lf >= 0 && lf < from) lf = text.indexOf('\n', from)
    }
    head += text.slice(from)
  }
}
