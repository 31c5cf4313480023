import type { GroupMembers } from '../../types/hub.ts'
import type { Membership, Receiver } from '../../types/receiver.ts'
import type { Message } from '../protocol/message.ts'
import { Batch, type Run } from './batch.ts'
import { Group } from './group.ts'
import { Listener } from './listener.ts'

const SLICE = 1_000

/**
 * Who is here, and what they get. Messages come in position order; all that come
 * in one turn of the event loop leave together, one write a connection, merged by
 * position over all its groups. A large fan-out is sliced, and one range of
 * positions is finished for every connection before the next begins.
 *
 * Between two ranges lies a boundary: there, every member has been handed
 * everything up to {@link position}. Whatever changes who gets what, or tells a
 * client a cursor, happens at a boundary.
 */
export class Hub implements GroupMembers {
  readonly #groups = new Map<string, Group>()
  readonly #listeners = new Set<Listener>()
  readonly #heard = new Set<(message: Message) => void>()
  #pending: Message[] = []
  readonly #addressed = new Map<Message, Receiver>()
  #busy = false
  #isClosed = false
  #atBoundary: Array<() => void> = []
  #position: string
  readonly #slice: number

  /** `slice`: how many connections are written to before other work gets a turn. */
  constructor (position: string, slice: number = SLICE) {
    this.#position = position
    this.#slice = slice
  }

  /** The cursor that covers all that has been handed to members. */
  get position (): string {
    return this.#position
  }

  get groupCount (): number {
    return this.#groups.size
  }

  groupSize (name: string): number {
    return this.#groups.get(name)?.members.length ?? 0
  }

  /** The members of a group, in no order. */
  members (name: string): readonly Membership[] {
    return this.#groups.get(name)?.members ?? []
  }

  /** Takes a message for the members of its group. */
  receive (message: Message): void {
    this.#pending.push(message)
    for (const heard of this.#heard) heard(message)
    this.#schedule()
  }

  /** Takes a message for one connection, in stream order with everything else. */
  receiveFor (receiver: Receiver, message: Message): void {
    this.#addressed.set(message, receiver)
    this.#pending.push(message)
    this.#schedule()
  }

  /** The messages of a group, or of all, as they come. */
  listen (group: string | undefined): Listener {
    const listener = new Listener(group, (heard) => {
      this.#heard.add(heard)
      return () => {
        this.#heard.delete(heard)
        this.#listeners.delete(listener)
      }
    })
    this.#listeners.add(listener)
    if (this.#isClosed) listener.end()
    return listener
  }

  /** Ends every {@link listen}. */
  close (): void {
    this.#isClosed = true
    for (const listener of this.#listeners) listener.end()
  }

  /** Must be called at a boundary. */
  join (receiver: Receiver, name: string): Membership {
    let group = this.#groups.get(name)
    if (group === undefined) {
      group = new Group()
      this.#groups.set(name, group)
    }
    return group.add(receiver, name)
  }

  /** Leaving is safe at any time; what a flush under way already holds may still be written. */
  leave (membership: Membership): void {
    const group = this.#groups.get(membership.group)
    if (group === undefined || membership.index < 0) return
    group.remove(membership)
    if (group.members.length === 0) this.#groups.delete(membership.group)
  }

  /** Runs `action` at the next boundary, at once if nothing is under way. */
  atBoundary (action: () => void): void {
    if (this.#busy) this.#atBoundary.push(action)
    else action()
  }

  /** Resolves at a boundary by which everything received so far has been handed out: a flush under way does not hold what came since it began. */
  async boundary (): Promise<void> {
    for (let i = 0; i < 2; i++) await new Promise<void>((resolve) => { this.atBoundary(resolve) })
  }

  #schedule (): void {
    if (this.#busy) return
    this.#busy = true
    setImmediate(() => { this.#flush() })
  }

  #flush (): void {
    const messages = this.#pending
    this.#pending = []
    const receivers = this.#distribute(messages)
    this.#deliver(receivers, 0, messages)
  }

  #distribute (messages: readonly Message[]): Receiver[] {
    const receivers: Receiver[] = []
    const root = new Batch(undefined, [])
    for (let at = 0; at < messages.length;) {
      const first = messages[at]!
      const to = this.#addressed.size === 0 ? undefined : this.#addressed.get(first)
      if (to !== undefined) {
        this.#addressed.delete(first)
        hand(to, root, [first], receivers)
        at++
        continue
      }
      const run = this.#runFrom(messages, at)
      at += run.length
      const { group, origin, volatile } = first.draft
      const members = this.#groups.get(group)?.members
      if (members === undefined) continue
      for (let i = 0; i < members.length; i++) {
        const receiver = members[i]!.receiver
        if (origin !== undefined && receiver.origin === origin) continue
        if (volatile && receiver.behind) continue
        hand(receiver, root, run, receivers)
      }
    }
    return receivers
  }

  /** The messages from `at` on that go to the same members. */
  #runFrom (messages: readonly Message[], at: number): Run {
    const { group, origin, volatile } = messages[at]!.draft
    let end = at + 1
    while (end < messages.length) {
      const { draft } = messages[end]!
      if (draft.group !== group || draft.origin !== origin || draft.volatile !== volatile || this.#addressed.has(messages[end]!)) break
      end++
    }
    return messages.slice(at, end)
  }

  #deliver (receivers: readonly Receiver[], from: number, messages: readonly Message[]): void {
    const end = Math.min(from + this.#slice, receivers.length)
    for (let i = from; i < end; i++) {
      const receiver = receivers[i]!
      const delivery = receiver.due!
      receiver.due = undefined
      receiver.deliver(delivery)
    }
    if (end < receivers.length) setImmediate(() => { this.#deliver(receivers, end, messages) })
    else this.#settle(messages)
  }

  #settle (messages: readonly Message[]): void {
    for (let i = messages.length - 1; i >= 0; i--) {
      const { id } = messages[i]!
      if (id !== null) {
        this.#position = id
        break
      }
    }
    this.#busy = false
    const actions = this.#atBoundary
    this.#atBoundary = []
    for (const action of actions) action()
    if (this.#pending.length > 0) this.#schedule()
  }
}

function hand (receiver: Receiver, root: Batch, run: Run, receivers: Receiver[]): void {
  const due = receiver.due as Batch | undefined
  if (due === undefined) receivers.push(receiver)
  receiver.due = (due ?? root).with(run)
}
