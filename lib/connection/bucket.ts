/** A token bucket: `rate` a second, `2 * rate` at once. Times are milliseconds; a clock that is set back costs nothing. */
export class Bucket {
  readonly #rate: number
  #tokens: number
  #at: number

  constructor (rate: number, now: number) {
    this.#rate = rate
    this.#tokens = 2 * rate
    this.#at = now
  }

  /**
   * Takes `count` tokens. Refused takes count as debt, so that one who goes on
   * regardless can be told from one who stumbled.
   */
  take (count: number, now: number): 'taken' | 'refused' | 'flooding' {
    const burst = 2 * this.#rate
    this.#tokens = Math.min(burst, this.#tokens + Math.max(0, now - this.#at) * this.#rate / 1_000)
    this.#at = now
    this.#tokens -= count
    if (this.#tokens >= 0) return 'taken'
    if (this.#tokens >= -burst) return 'refused'
    this.#tokens = -burst
    return 'flooding'
  }
}
