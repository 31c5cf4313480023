/** What is revoked: everything that all given names have in common. */
export interface Revoked {
  readonly user?: string | undefined
  readonly group?: string | undefined
  readonly connection?: string | undefined
}

/**
 * Remembers revocations for as long as a permission is being checked, so that an
 * answer given before a revocation cannot take effect after it.
 */
export class Revocations {
  readonly #recent: Array<{ at: number, revoked: Revoked, isRecheck: boolean }> = []
  #clock = 0
  /** The claims that are not released, the oldest first, each with the time it was taken at. */
  readonly #open = new Set<{ readonly since: number }>()

  note (revoked: Revoked): void {
    this.#clock++
    if (this.#open.size > 0) this.#recent.push({ at: this.#clock, revoked, isRecheck: false })
  }

  /** Rights are being asked for again: what was answered before is out of date. */
  noteRecheck (rechecked: Revoked): void {
    this.#clock++
    if (this.#open.size > 0) this.#recent.push({ at: this.#clock, revoked: rechecked, isRecheck: true })
  }

  /** To be taken before the first question is asked, and released when the answer is in effect. */
  claim (): Claim {
    const mine = { since: this.#clock }
    let asked = this.#clock
    this.#open.add(mine)
    return {
      revoked: (user, connection, group) => this.#recent.some(({ at, revoked, isRecheck }) => !isRecheck && at > mine.since &&
        concerns(revoked, user, group) && (revoked.connection === undefined || revoked.connection === connection)),
      outdated: (user, group) => this.#recent.some(({ at, revoked, isRecheck }) => isRecheck && at > asked && concerns(revoked, user, group)),
      askAgain: () => { asked = this.#clock },
      release: () => { if (this.#open.delete(mine)) this.#forget() }
    }
  }

  /** What came before the oldest claim concerns nobody any more. */
  #forget (): void {
    const [oldest] = this.#open
    const since = oldest?.since ?? this.#clock
    let count = 0
    while (count < this.#recent.length && this.#recent[count]!.at <= since) count++
    this.#recent.splice(0, count)
  }
}

function concerns ({ user: ofUser, group: ofGroup }: Revoked, user: string | null, group: string | undefined): boolean {
  return (ofUser === undefined || ofUser === user) && (ofGroup === undefined || ofGroup === group)
}

/** A permission under way. */
export interface Claim {
  /** Whether it was revoked meanwhile: with a `group`, for that group; without, altogether. */
  revoked (user: string | null, connection: string | undefined, group: string | undefined): boolean
  /** Whether rights were rechecked since the question was asked, so that its answer may no longer hold. */
  outdated (user: string | null, group: string): boolean
  /** The question is being asked once more, now. */
  askAgain (): void
  release (): void
}
