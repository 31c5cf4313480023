import { mock } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Connection } from '../../lib/connection/connection.ts'
import { checkJoin, grantJoin, leaveGroup } from '../../lib/connection/joining.ts'
import { revoke } from '../../lib/connection/revoking.ts'
import { Message } from '../../lib/protocol/message.ts'
import { ONE_CONNECTION } from '../../lib/protocol/names.ts'
import { MemoryLine } from '../connection/memory-line.ts'
import { draft, MemoryNode, type NodeParts } from '../connection/memory-node.ts'
import { Claims, type Truth } from './claims.ts'
import { readEvents } from './events.ts'
import { Log } from './log.ts'
import type { Schedule, Step } from './schedule.ts'

const HEARTBEAT = 1_000

/** A client of the run, from the server's side. */
interface Client extends Truth {
  readonly line: MemoryLine
  readonly connection: Connection
  readonly ends: Map<string, string[]>
}

/** A node on which a schedule is run. Its timers go by `mock.timers`, which must be enabled. */
export class Run {
  readonly node: MemoryNode
  readonly log = new Log()
  readonly clients: Client[] = []

  constructor (parts: NodeParts) {
    this.node = new MemoryNode({ heartbeat: HEARTBEAT, ...parts, limits: { maxBufferedBytes: 200, maxLag: 1e9, ...parts.limits } })
    this.node.context.heartbeat.start()
    this.node.context.observers.onLeave('*', ({ id }, group) => { this.#ended(id, group) })
  }

  async take (step: Step): Promise<void> {
    const client = 'who' in step && this.clients.length > 0 ? this.clients[step.who % this.clients.length] : undefined
    switch (step.does) {
      case 'turn': await setImmediate(); break
      case 'beat': mock.timers.tick(HEARTBEAT); break
      case 'publish': for (const { group, volatile, origin } of step.messages) this.publish(group, { volatile, origin }); break
      case 'connect': this.connect(new MemoryLine(step.format), step); break
      case 'revoke': revoke(this.node.context, { group: step.group }).catch(fail); break
      default: if (client !== undefined) this.#with(client, step)
    }
  }

  publish (group: string, options: { volatile?: boolean, origin?: string | undefined } = {}): void {
    const n = this.log.next
    const message = draft(group, { n, text: 'é'.repeat(n % 9) }, options)
    const [id] = this.node.publish(message)
    this.log.add({ id: id!, group, origin: options.origin })
  }

  connect (line: MemoryLine, asked: { user: string | null, groups: readonly string[], origin: string | undefined, after: string | undefined }): Client {
    const connection = this.node.connect(line, asked)
    const client: Client = { line, connection, log: this.log, user: asked.user, origin: asked.origin, self: line, ends: new Map() }
    this.clients.push(client)
    return client
  }

  /** Lets everything settle: every reader reads, what is under way is finished, every client is ticked. */
  async settle (): Promise<void> {
    for (let i = 0; i < 3; i++) {
      for (const { line } of this.clients) line.read()
      await this.node.hub.boundary()
      await setImmediate()
    }
    mock.timers.tick(HEARTBEAT)
  }

  /** Asserts what each client was told, in whole and cut at a part of its bytes. */
  check (cuts: readonly number[]): void {
    this.clients.forEach((client, i) => {
      const { line: { format, bytes }, connection } = client
      const claims = new Claims(client).readAll(readEvents(format, bytes))
      if (connection.state === 'open') claims.isComplete(this.node.hub.position)
      const cut = Math.floor((cuts[i % cuts.length] ?? 1) * bytes.length)
      new Claims(client).readAll(readEvents(format, bytes.subarray(0, cut)))
    })
  }

  stop (): void {
    this.node.context.heartbeat.stop()
    for (const { line } of this.clients) line.cut()
  }

  #with (client: Client, step: Extract<Step, { who: number }>): void {
    const { line, connection } = client
    const { context } = this.node
    switch (step.does) {
      case 'address': this.#address(client); break
      case 'disconnect': line.cut(); break
      case 'close': connection.close('server'); break
      case 'stall': line.stall(); break
      case 'read': line.read(step.count); break
      case 'leave': leaveGroup(context, connection, step.group, 'server'); break
      case 'join': {
        if (connection.state !== 'open') break
        const join = { group: step.group, after: step.after, ref: null }
        const refused = (): void => {}
        if (step.by === 'server') grantJoin(context, connection, join).catch(refused)
        else checkJoin(context, connection, join, undefined).then((complete) => { complete() }, refused)
      }
    }
  }

  #address ({ connection, line }: Client): void {
    if (connection.state !== 'open') return
    const n = this.log.next
    this.log.add({ id: null, group: ONE_CONNECTION, to: line })
    this.node.hub.receiveFor(connection, new Message(draft(ONE_CONNECTION, { n }, { volatile: true }), null))
  }

  /** What comes after this in a group that a client is taken out of is not due to it. */
  #ended (id: string, group: string): void {
    const client = this.clients.find(({ connection }) => connection.id === id)
    client?.ends.set(group, [...client.ends.get(group) ?? [], this.node.hub.position])
  }
}

function fail (error: unknown): never {
  throw error
}

/** Runs a schedule, and asserts the order property. */
export async function run ({ slice, steps, cuts }: Schedule, newParts: (slice: number | undefined) => NodeParts): Promise<void> {
  const run = new Run(newParts(slice))
  try {
    for (const step of steps) await run.take(step)
    await run.settle()
    run.check(cuts)
  } finally {
    run.stop()
  }
}
