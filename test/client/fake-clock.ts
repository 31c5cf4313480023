import { setImmediate } from 'node:timers/promises'

interface Timer {
  due: number
  run: () => void
}

/** Time that passes on demand only. */
export class FakeClock {
  private time = 1_700_000_000_000
  private timers: Timer[] = []

  now = (): number => this.time

  after = (ms: number, run: () => void): () => void => {
    const timer = { due: this.time + ms, run }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }

  /** How many timers are set. */
  get pending (): number {
    return this.timers.length
  }

  /** Lets `ms` milliseconds pass, with everything that comes due in them. */
  async pass (ms: number): Promise<void> {
    const end = this.time + ms
    for (;;) {
      await quiet()
      const next = this.timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0]
      if (next === undefined) break
      this.timers = this.timers.filter((timer) => timer !== next)
      this.time = Math.max(this.time, next.due)
      next.run()
    }
    this.time = end
  }

  /** Moves the clock without running what comes due, as when a machine sleeps. */
  sleep (ms: number): void {
    this.time += ms
  }

  /** Sets the wall clock back; timers do not go by it. */
  setBack (ms: number): void {
    this.time -= ms
    for (const timer of this.timers) timer.due -= ms
  }
}

/** Lets everything happen that waits for no timer. */
export async function quiet (): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate()
}
