import type { RealtimeConnection } from '../../types/connection.ts'
import type { Connection } from './connection.ts'

/** Sends data to one connection of this node, in stream order. Its promise need not be awaited. */
export type SendTo = (connection: Connection, event: string, data: unknown) => Promise<void>

/** What the app gets to see of a connection: never its token. */
export class ConnectionHandle implements RealtimeConnection {
  readonly #connection: Connection
  readonly #sendTo: SendTo

  constructor (connection: Connection, sendTo: SendTo) {
    this.#connection = connection
    this.#sendTo = sendTo
  }

  get id (): string { return this.#connection.id }
  get user (): string | null { return this.#connection.identity.user }
  get data (): unknown { return this.#connection.identity.data }
  get transport (): 'sse' | 'ws' { return this.#connection.transport.kind }
  get since (): Date { return new Date(this.#connection.since) }

  get groups (): readonly string[] {
    return namedGroups(this.#connection)
  }

  send (event: string, data: unknown): Promise<void> {
    return this.#sendTo(this.#connection, event, data)
  }

  close (): void {
    this.#connection.close('server')
  }
}

/** The groups that apps and clients know of: all but the plugin's own. */
export function namedGroups (connection: Connection): string[] {
  const groups: string[] = []
  for (const { membership: { group } } of connection.places) {
    if (!group.startsWith('@')) groups.push(group)
  }
  return groups
}
