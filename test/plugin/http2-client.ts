import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import { createParser } from 'eventsource-parser'
import type { Test } from 'tap'
import type { WireMessage } from '../../types/message.ts'
import { Inbox } from './inbox.ts'

/** A stream over HTTP/2, in a session of its own. */
export interface Http2Client extends Inbox {
  readonly session: ClientHttp2Session
  readonly stream: ClientHttp2Stream
  readonly status: number
  /** Resolves when the stream has ended or was cut. */
  readonly ended: Promise<void>
}

/** Connects over HTTP/2 and resolves once `realtime:open` has come. */
export async function connectHttp2 (t: Test, url: string, path: string): Promise<Http2Client> {
  const session = connect(url)
  session.on('error', () => {})
  t.teardown(() => { session.destroy() })
  const stream = session.request({ ':path': path })
  stream.on('error', () => {})
  const inbox = new Inbox()
  const parser = createParser({
    onEvent: ({ id, event = 'message', data }) => { inbox.add({ id, event, text: data, message: JSON.parse(data) as WireMessage<any> }) }
  })
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => { parser.feed(text) })
  const ended = new Promise<void>((resolve) => {
    stream.on('close', () => {
      inbox.over()
      resolve()
    })
  })
  const status = await new Promise<number>((resolve) => { stream.on('response', (headers) => { resolve(Number(headers[':status'])) }) })
  await inbox.until('realtime:open')
  return Object.assign(inbox, { session, stream, status, ended })
}
