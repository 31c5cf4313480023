import assert from 'node:assert/strict'
import type { WireEvent } from './events.ts'
import { counterOf, type Log } from './log.ts'

/** What is known of a connection from the server's side. */
export interface Truth {
  readonly log: Log
  readonly user: string | null
  readonly origin: string | undefined
  /** What messages for this connection alone are marked with. */
  readonly self: unknown
  /** For each group the positions at which the server took it out of it, in order. */
  readonly ends: ReadonlyMap<string, readonly string[]>
}

/** One group, as the client sees it. */
interface Membership {
  /** From after this counter on every message is due. */
  from: number
  /** And no more after this one, which the server knows and the client does not. */
  readonly until: number
}

/**
 * A client that believes what it is told, and asserts that it may: messages come
 * in position order and once, of its groups alone; and whenever it is shown a
 * cursor, it has been given every message of its groups up to there, or was told
 * of a gap in exactly the groups that it missed some of.
 */
export class Claims {
  readonly #truth: Truth
  readonly #groups = new Map<string, Membership>()
  readonly #ends = new Map<string, number>()
  readonly #got = new Set<number>()
  #state: 'connecting' | 'opening' | 'open' | 'closed' = 'connecting'
  #gaps: string[] = []
  #shown = -1
  #last = 0

  constructor (truth: Truth) {
    this.#truth = truth
  }

  /** The messages it was given, as places in the log. */
  get got (): ReadonlySet<number> {
    return this.#got
  }

  readAll (events: readonly WireEvent[]): this {
    for (const event of events) this.read(event)
    return this
  }

  read (event: WireEvent): void {
    const { id } = event
    if (event.event !== 'realtime:close') assert.equal(this.#state === 'connecting', event.event === 'realtime:open', 'realtime:open comes first, and once')
    assert.notEqual(this.#state, 'closed', 'nothing comes after realtime:close')
    const { data } = event as { data: Record<string, unknown> }
    switch (event.event) {
      case 'realtime:open': this.#open(id, data['groups'] as string[]); break
      case 'realtime:gap': this.#gaps.push(data['group'] as string); break
      case 'realtime:joined': this.#join(id, data); break
      case 'realtime:left': this.#leave(data['group'] as string); break
      case 'realtime:tick': this.#show(counterOf(id!)); break
      case 'realtime:close': this.#state = 'closed'; break
      default: this.#take(event, data['n'] as number)
    }
  }

  /** Asserts that nothing is missing up to `position`, as if it were shown. */
  isComplete (position: string): void {
    assert.deepEqual(this.#gaps, [], 'a cursor follows every gap')
    this.#show(counterOf(position))
  }

  #open (id: string | undefined, groups: readonly string[]): void {
    const { user } = this.#truth
    const all = ['@all', ...(user === null ? [] : [`@user:${user}`]), ...groups]
    for (const group of all) this.#enter(group, id === undefined ? Infinity : counterOf(id))
    if (id !== undefined) this.#show(counterOf(id))
    this.#state = id === undefined ? 'opening' : 'open'
  }

  #join (id: string | undefined, { group, cursor }: Record<string, unknown>): void {
    assert.equal(cursor, id, 'realtime:joined shows its cursor as its id')
    const counter = counterOf(id!)
    const asked = this.#gaps.at(-1) === group
    if (asked) this.#gaps.pop()
    const membership = this.#groups.get(group as string)
    if (asked && membership !== undefined) membership.from = counter
    this.#show(counter)
    if (membership === undefined) this.#enter(group as string, counter)
  }

  #enter (group: string, from: number): void {
    const end = this.#truth.ends.get(group)?.[this.#ends.get(group) ?? 0]
    this.#groups.set(group, { from, until: end === undefined ? Infinity : counterOf(end) })
  }

  #leave (group: string): void {
    if (!this.#groups.delete(group)) return
    this.#ends.set(group, (this.#ends.get(group) ?? 0) + 1)
  }

  #take ({ id, group, event }: WireEvent, n: number): void {
    const published = this.#truth.log.message(n)
    assert.ok(published, `message ${n} was published`)
    assert.equal(id ?? null, published.id, `message ${n} has its id`)
    assert.equal(event, 'message')
    if (group !== undefined) assert.equal(group, published.group, `message ${n} has its group`)
    assert.ok(n > this.#last, `message ${n} comes after ${this.#last}`)
    if (published.to !== undefined) assert.equal(published.to, this.#truth.self, `message ${n} is for this connection`)
    else assert.ok(this.#groups.has(published.group), `message ${n} is of a group that it is in`)
    assert.ok(published.origin === undefined || published.origin !== this.#truth.origin, `message ${n} is no echo`)
    this.#last = n
    this.#got.add(n)
    if (id === undefined) return
    const counter = counterOf(id)
    assert.ok(counter > this.#shown, `message ${n} at ${counter} lies after ${this.#shown}, which was claimed`)
    assert.deepEqual(this.#gaps, [], 'a cursor follows every gap')
    this.#show(counter)
  }

  /** A client that is cut now resumes after `counter`: it must have everything up to there. */
  #show (counter: number): void {
    assert.ok(counter >= this.#shown, `${counter} follows ${this.#shown}, which was shown`)
    this.#shown = counter
    for (const group of this.#gaps) {
      const membership = this.#groups.get(group)
      assert.ok(membership, `a gap concerns ${group}, which it is in`)
      assert.ok(this.#state === 'opening' || this.#missed(group, membership.from, counter) !== undefined, `a gap names ${group}, of which it missed something`)
      membership.from = counter
    }
    this.#gaps = []
    for (const [group, membership] of this.#groups) {
      const missed = this.#missed(group, membership.from, Math.min(counter, membership.until))
      assert.ok(missed === undefined, `${counter} is not shown before message ${missed}, of ${group}`)
      if (this.#state === 'opening') assert.ok(membership.from <= counter, `a resumed cursor is answered for ${group}`)
      membership.from = Math.max(membership.from, counter)
    }
    if (this.#state === 'opening') this.#state = 'open'
  }

  /** The first message of a group after counter `from` and up to `to` that was for it and never came. */
  #missed (group: string, from: number, to: number): number | undefined {
    const { log, origin } = this.#truth
    for (let counter = from + 1; counter <= to; counter++) {
      const n = log.at(counter)
      const message = log.message(n)!
      if (message.group === group && !this.#got.has(n) && (message.origin === undefined || message.origin !== origin)) return n
    }
    return undefined
  }
}
