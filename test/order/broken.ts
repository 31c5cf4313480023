import { setImmediate } from 'node:timers'
import type { Receiver } from '../../types/receiver.ts'
import type { MemoryBackplane } from '../../lib/backplane/memory.ts'
import { Backlog } from '../../lib/connection/backlog.ts'
import type { Connection } from '../../lib/connection/connection.ts'
import { Hub } from '../../lib/hub/hub.ts'
import type { Message } from '../../lib/protocol/message.ts'
import type { NodeParts } from '../connection/memory-node.ts'

/** Hands on what a turn brought group after group, instead of merged by position. */
class GroupAfterGroup extends Hub {
  #turn: Message[] = []

  override receive (message: Message): void {
    if (this.#turn.push(message) > 1) return
    setImmediate(() => {
      const messages = this.#turn.sort((a, b) => a.draft.group < b.draft.group ? -1 : Number(a.draft.group > b.draft.group))
      this.#turn = []
      for (const one of messages) super.receive(one)
    })
  }
}

/** Lets what is for one connection overtake what it gets as a member. */
class AddressedFirst extends Hub {
  override receiveFor (receiver: Receiver, message: Message): void {
    receiver.deliver({ count: 1, bytes: (format) => message.bytes(format), groups: () => [] })
  }
}

/** Tells newcomers of a position whose messages are not written yet. */
class Hasty extends Hub {
  readonly #backplane: MemoryBackplane

  constructor (backplane: MemoryBackplane, slice: number | undefined) {
    super(backplane.position, slice)
    this.#backplane = backplane
  }

  override get position (): string {
    return this.#backplane.position
  }
}

/** Has no boundaries: joins and opens happen within a fan-out. */
class Boundless extends Hub {
  override atBoundary (action: () => void): void {
    action()
  }
}

/** Never knows what was missed. */
class Forgetful extends Backlog {
  override miss (): void {}
}

/** Says that everything was missed. */
class Alarmist extends Backlog {
  override leave (connection: Connection): ReadonlySet<string> {
    const missed = super.leave(connection)
    return missed.size === 0 ? missed : new Set(connection.places.map(({ membership }) => membership.group))
  }
}

/** Nodes that break the order rule, each in one way. */
export const broken: Record<string, (slice: number | undefined) => NodeParts> = {
  'group after group': (slice) => ({ newHub: ({ position }) => new GroupAfterGroup(position, slice) }),
  'addressed messages first': (slice) => ({ newHub: ({ position }) => new AddressedFirst(position, slice) }),
  'a position that is ahead': (slice) => ({ newHub: (backplane) => new Hasty(backplane, slice) }),
  'joins within a fan-out': (slice) => ({ newHub: ({ position }) => new Boundless(position, slice) }),
  'ticks within a fan-out': (slice) => ({
    newHub: ({ position }) => new Hub(position, slice),
    newPulse: (hub, backplane) => ({
      get position () { return backplane.position },
      join: (receiver, group) => hub.join(receiver, group),
      leave: (membership) => { hub.leave(membership) },
      members: (group) => hub.members(group),
      atBoundary: (action) => { action() },
      boundary: async () => {}
    })
  }),
  'silence about what was missed': (slice) => ({
    newHub: ({ position }) => new Hub(position, slice),
    newBacklog: (maxLag, counters) => new Forgetful(maxLag, counters)
  }),
  'gaps where nothing was missed': (slice) => ({
    newHub: ({ position }) => new Hub(position, slice),
    newBacklog: (maxLag, counters) => new Alarmist(maxLag, counters)
  })
}
