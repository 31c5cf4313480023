import type { ClientOptions, Realtime } from '../../types/client.ts'
import type { Status } from '../../types/client-status.ts'
import type { Platform, Surroundings } from '../../lib/client/platform.ts'
import { createRealtime } from '../../lib/client/realtime.ts'
import { FakeClock, quiet } from './fake-clock.ts'
import { FakeServer } from './fake-server.ts'

/** A client with nothing real around it. */
export class FakeWorld {
  readonly clock = new FakeClock()
  readonly server = new FakeServer()
  readonly realtime: Realtime
  /** Every status since the start. */
  readonly statuses: Status[] = []
  /** What handlers threw. */
  readonly reported: unknown[] = []
  /** What the client listens with, while it listens. */
  surroundings: Surroundings | undefined
  online = true
  /** What the client draws; at random unless set. */
  random: number | undefined

  constructor (options: Partial<ClientOptions> = {}) {
    const platform: Platform = {
      now: this.clock.now,
      after: this.clock.after,
      random: () => this.random ?? Math.random(),
      fetch: this.server.fetch,
      base: 'http://host/app/',
      online: () => this.online,
      report: (error) => this.reported.push(error),
      listen: (surroundings) => {
        this.surroundings = surroundings
        return () => {
          this.surroundings = undefined
        }
      }
    }
    this.realtime = createRealtime(platform, { url: '/realtime', ...options })
    this.realtime.onStatus((status) => this.statuses.push(status))
  }

  get state (): Status['state'] {
    return this.realtime.status.state
  }

  /** Subscribes, if to anything, and answers the dial that follows. */
  async opened (groups: string[] = [], opening: Record<string, unknown> = {}): Promise<void> {
    if (groups.length > 0) this.realtime.subscribe(groups, {})
    await this.clock.pass(0)
    this.server.stream.open(opening)
    await quiet()
  }

  /** Waits out the first repetition and answers it. */
  async reopened (opening: Record<string, unknown> = {}, cursor: string | null = null): Promise<void> {
    await this.clock.pass(500)
    this.server.stream.open({ resumed: true, connection: 'c2', ...opening }, cursor)
    await quiet()
  }
}
