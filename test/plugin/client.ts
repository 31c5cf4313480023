import { request, type IncomingHttpHeaders } from 'node:http'
import { createParser } from 'eventsource-parser'
import type { Test } from 'tap'
import { WebSocket } from 'ws'
import type { Reply } from '../../lib/protocol/command.ts'
import type { WireMessage } from '../../types/message.ts'
import { Inbox } from './inbox.ts'

export type Kind = 'sse' | 'ws'
export const kinds: readonly Kind[] = ['sse', 'ws']

export interface ClientOptions {
  groups?: readonly string[]
  headers?: Record<string, string>
  /** Instead of the plugin's own routes. */
  path?: string
  /** Further query parameters. */
  query?: Record<string, string>
  /** Where the plugin is registered. */
  prefix?: string
}

/** How a line ended; `code` over WebSocket alone. */
export interface Ending {
  code: number | undefined
  reason: string
}

/** A client on a socket of its own. */
export interface Client extends Inbox {
  /** Resolves when the server has let it in; rejects when it has refused it. */
  readonly opened: Promise<void>
  readonly headers: IncomingHttpHeaders
  /** Everything that came over the line, as text. */
  readonly text: string
  /** Resolves when the line has ended. */
  readonly ended: Promise<Ending>
  /** The id of the connection. */
  readonly connection: string
  readonly token: string
  /** Sends a command, over SSE by POST; resolves with the reply. */
  command (command: Record<string, unknown>): Promise<Reply>
  /** Cuts the line. */
  leave (): void
}

/** Connects, and resolves once `realtime:open` has come. */
export async function connect (t: Test, kind: Kind, url: string, options: ClientOptions = {}): Promise<Client> {
  const client = dial(t, kind, url, options)
  await client.opened
  await client.until('realtime:open')
  return client
}

/** Begins to connect; the line is cut when the test is over. */
export function dial (t: Test, kind: Kind, url: string, options: ClientOptions = {}): Client {
  const path = options.path ?? `${options.prefix ?? '/realtime'}/${kind}`
  const target = new URL(path, url)
  if (options.groups !== undefined) target.searchParams.set('groups', options.groups.join(','))
  for (const [name, value] of Object.entries(options.query ?? {})) target.searchParams.set(name, value)
  const client = kind === 'sse' ? new SseClient(target, options) : new WebSocketClient(target, options)
  t.teardown(() => { client.leave() })
  client.opened.catch(() => {})
  return client
}

/** A client over WebSocket. */
export interface SocketClient extends Client {
  /** Sends a frame as it is: text, or bytes. */
  send (frame: string | Buffer): void
}

abstract class BaseClient extends Inbox {
  readonly ended: Promise<Ending>
  protected end!: (ending: Ending) => void
  text = ''
  headers: IncomingHttpHeaders = {}

  constructor () {
    super()
    this.ended = new Promise((resolve) => {
      this.end = (ending) => {
        this.over()
        resolve(ending)
      }
    })
  }

  get opening (): { connection: string, token: string } {
    return this.of('realtime:open')[0]!.data as { connection: string, token: string }
  }

  get connection (): string { return this.opening.connection }
  get token (): string { return this.opening.token }
}

class SseClient extends BaseClient implements Client {
  readonly opened: Promise<void>
  readonly #request
  readonly #commands: URL
  readonly #headers: Record<string, string>

  constructor (target: URL, { headers = {}, prefix = '/realtime' }: ClientOptions) {
    super()
    this.#headers = headers
    this.#commands = new URL(`${prefix}/connections/`, target)
    this.#request = request(target, { headers, agent: false })
    this.opened = new Promise((resolve, reject) => {
      this.#request.on('error', reject)
      this.#request.on('response', (response) => {
        this.headers = response.headers
        if (response.statusCode === 200) resolve()
        else reject(new Error(`refused with ${response.statusCode}`))
        const parser = createParser({
          onEvent: ({ id, event = 'message', data }) => {
            const parsed: unknown = JSON.parse(data)
            this.add({ id, event, text: data, message: isMessage(parsed, event) ? parsed : { event, data: parsed } })
          }
        })
        response.setEncoding('utf8')
        response.on('data', (text: string) => {
          this.text += text
          parser.feed(text)
        })
        response.on('error', () => {})
        response.on('close', () => { this.end({ code: undefined, reason: response.complete ? 'ended' : 'cut' }) })
      })
    })
    this.#request.end()
  }

  async command (command: Record<string, unknown>): Promise<Reply> {
    const response = await fetch(new URL(this.connection, this.#commands), {
      method: 'POST',
      headers: { ...this.#headers, 'content-type': 'application/json', 'realtime-token': this.token },
      body: JSON.stringify(command)
    })
    return await response.json() as Reply
  }

  leave (): void { this.#request.destroy() }
}

/** A stream of bare data has no envelope: then the event's name comes from the line. */
function isMessage (value: unknown, event: string): value is WireMessage<any> {
  return typeof value === 'object' && value !== null && (value as { event?: unknown }).event === event
}

class WebSocketClient extends BaseClient implements SocketClient {
  readonly opened: Promise<void>
  readonly #socket: WebSocket

  constructor (target: URL, { headers = {} }: ClientOptions) {
    super()
    this.#socket = new WebSocket(target.href.replace('http', 'ws'), { headers })
    this.#socket.on('upgrade', (response) => { this.headers = response.headers })
    this.#socket.on('message', (data) => {
      const text = String(data)
      this.text += text
      const value = JSON.parse(text) as Reply | WireMessage<any>
      this.add('ok' in value ? value : { text, message: value, id: value.id, event: value.event })
    })
    this.#socket.on('close', (code, reason) => { this.end({ code, reason: String(reason) }) })
    this.opened = new Promise((resolve, reject) => {
      this.#socket.on('open', resolve)
      this.#socket.on('error', reject)
    })
  }

  async command (command: Record<string, unknown>): Promise<Reply> {
    this.#socket.send(JSON.stringify(command))
    return await this.reply(command['ref'] as number)
  }

  send (frame: string | Buffer): void { this.#socket.send(frame) }
  leave (): void { this.#socket.terminate() }
}
