import type { WireMessage } from '../../types/message.ts'
import { quiet } from './fake-clock.ts'

export type SentCommand = Record<string, unknown> & { ref: number, type: string, group: string }

/** A request for a stream, and the stream that comes of it. */
export class FakeStream {
  readonly url: URL
  readonly headers: Headers
  readonly signal: AbortSignal
  readonly response: Promise<Response>
  private answer!: (response: Response) => void
  private controller!: ReadableStreamDefaultController<Uint8Array>

  constructor (url: URL, init: RequestInit) {
    this.url = url
    this.headers = new Headers(init.headers)
    this.signal = init.signal as AbortSignal
    this.response = new Promise((resolve, reject) => {
      this.answer = resolve
      this.signal.addEventListener('abort', () => reject(this.signal.reason))
    })
    this.response.catch(() => {})
  }

  /** The groups that are asked for. */
  get groups (): string[] {
    return this.url.searchParams.get('groups')?.split(',') ?? []
  }

  refuse (status: number, headers: Record<string, string> = {}, body: unknown = undefined): void {
    this.answer(body === undefined
      ? new Response(null, { status, headers })
      : Response.json(body, { status, headers }))
  }

  /** Answers, without a first event. */
  accept (): void {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.controller = controller
      }
    })
    this.signal.addEventListener('abort', () => this.controller.error(this.signal.reason))
    this.answer(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
  }

  /** Answers with `realtime:open`. */
  open (opening: Record<string, unknown> = {}, cursor: string | null = '7-0'): void {
    this.accept()
    this.system('realtime:open', {
      connection: 'c1', token: 'secret', user: null, groups: this.groups, refused: [], resumed: false, heartbeat: 15_000, ...opening
    }, cursor)
  }

  write (text: string): void {
    this.controller.enqueue(new TextEncoder().encode(text))
  }

  system (event: string, data: unknown, cursor: string | null = null): void {
    this.write(block(cursor, { event, data }))
  }

  /** A kept message, whose position is its cursor. */
  message (id: string, group: string, event: string, data: unknown = null, more: Partial<WireMessage> = {}): void {
    this.write(block(id, { id, group, event, data, ...more }))
  }

  /** A message that leaves the cursor where it is. */
  aside (message: WireMessage): void {
    this.write(block(null, message))
  }

  end (): void {
    this.controller.close()
  }

  /** Breaks the connection, after what was written has arrived. */
  async break (): Promise<void> {
    await quiet()
    this.controller.error(new TypeError('network error'))
    await quiet()
  }
}

export interface FakePost {
  readonly url: URL
  readonly headers: Headers
  readonly commands: SentCommand[]
}

/** The server's side of `fetch`. */
export class FakeServer {
  readonly streams: FakeStream[] = []
  readonly posts: FakePost[] = []
  readonly others: Array<{ input: unknown, init: RequestInit | undefined }> = []
  /** Answers a POST; by default every command succeeds. */
  answer: (post: FakePost) => Response | Promise<Response> = ({ commands }) => Response.json(commands.map(({ ref }) => ({ ref, ok: true, data: null })))

  fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input), 'http://host')
    if (url.pathname === '/realtime/sse') {
      const stream = new FakeStream(url, init as RequestInit)
      this.streams.push(stream)
      return stream.response
    }
    if (url.pathname.startsWith('/realtime/connections/')) {
      const post = { url, headers: new Headers(init?.headers), commands: JSON.parse(String(init?.body)) }
      this.posts.push(post)
      const gone = new Promise<never>((_resolve, reject) =>
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
      return Promise.race([this.answer(post), gone])
    }
    this.others.push({ input, init })
    return new Response()
  }

  get stream (): FakeStream {
    const last = this.streams.at(-1)
    if (last === undefined) throw new Error('nobody has dialled')
    return last
  }

  /** Every command posted so far. */
  get commands (): SentCommand[] {
    return this.posts.flatMap(({ commands }) => commands)
  }
}

function block (id: string | null, message: object): string {
  const { event } = message as WireMessage
  return `${id === null ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(message)}\n\n`
}
