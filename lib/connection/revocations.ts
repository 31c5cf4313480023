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
  readonly #recent: Array<{ at: number, revoked: Revoked }> = []
  #clock = 0
  /** The claims that are not released, the oldest first, each with the time it was taken at. */
  readonly #open = new Set<{ readonly since: number }>()

  note (revoked: Revoked): void {
    this.#clock++
    if (this.#open.size > 0) this.#recent.push({ at: this.#clock, revoked })
  }

  /** To be taken before the first question is asked, and released when the answer is in effect. */
  claim (): Claim {
    const mine = { since: this.#clock }
    this.#open.add(mine)
    return {
      revoked: (user, connection, group) => this.#recent.some(({ at, revoked }) => at > mine.since &&
        (revoked.user === undefined || revoked.user === user) &&
        (revoked.connection === undefined || revoked.connection === connection) &&
        (revoked.group === undefined || revoked.group === group)),
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

/** A permission under way. */
export interface Claim {
  /** Whether it was revoked meanwhile: with a `group`, for that group; without, altogether. */
  revoked (user: string | null, connection: string | undefined, group: string | undefined): boolean
  release (): void
}
