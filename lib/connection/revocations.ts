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
  #recent: Array<{ at: number, revoked: Revoked }> = []
  #clock = 0
  #open = 0

  note (revoked: Revoked): void {
    this.#clock++
    if (this.#open > 0) this.#recent.push({ at: this.#clock, revoked })
  }

  /** To be taken before the first question is asked, and released when the answer is in effect. */
  claim (): Claim {
    this.#open++
    const since = this.#clock
    let released = false
    return {
      revoked: (user, connection, group) => this.#recent.some(({ at, revoked }) => at > since &&
        (revoked.user === undefined || revoked.user === user) &&
        (revoked.connection === undefined || revoked.connection === connection) &&
        (revoked.group === undefined || revoked.group === group)),
      release: () => {
        if (released) return
        released = true
        if (--this.#open === 0) this.#recent = []
      }
    }
  }
}

/** A permission under way. */
export interface Claim {
  /** Whether it was revoked meanwhile: with a `group`, for that group; without, altogether. */
  revoked (user: string | null, connection: string | undefined, group: string | undefined): boolean
  release (): void
}
