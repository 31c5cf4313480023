import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'

type UpgradeListener = (request: unknown, socket: Duplex, head: Buffer) => void

/**
 * Registers @fastify/websocket next to others that may be registered on the same
 * server: each listens for upgrades, and each upgrade must be taken once. Ours
 * come last, and leave alone what another has taken: every copy routes every
 * upgrade, so whichever takes it, it reaches its route.
 */
export class Upgrades {
  readonly #server: Server
  #listeners: UpgradeListener[] = []

  constructor (server: Server) {
    this.#server = server
  }

  /** Runs `register`, and takes over the listeners that it adds. */
  async during (register: () => PromiseLike<unknown>): Promise<void> {
    const before = new Set(this.#server.listeners('upgrade'))
    await register()
    const added = this.#server.listeners('upgrade').filter((listener) => !before.has(listener)) as UpgradeListener[]
    for (const listener of added) this.#server.removeListener('upgrade', listener)
    this.#listeners = added.map((listener) => (request, socket, head) => {
      if ((socket as { _httpMessage?: unknown })._httpMessage === undefined || (socket as { _httpMessage?: unknown })._httpMessage === null) listener(request, socket, head)
    })
    this.comeLast()
  }

  /** To be called again when all plugins are registered. */
  comeLast (): void {
    this.remove()
    for (const listener of this.#listeners) this.#server.on('upgrade', listener)
  }

  remove (): void {
    for (const listener of this.#listeners) this.#server.removeListener('upgrade', listener)
  }
}
