import type { Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

type UpgradeListener = (request: unknown, socket: Duplex, head: Buffer) => void

/**
 * Registers @fastify/websocket next to others that may be registered on the same
 * server: each listens for upgrades, and each upgrade must be taken once. Ours
 * come last, and leave alone what another has taken: every copy routes every
 * upgrade, so whichever takes it, it reaches its route. One that was answered
 * with an ordinary response is over, and so is one that was pipelined behind a
 * request without an answer: nothing reads its socket any more.
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
      const taken = responseOn(socket)
      if (taken !== undefined) {
        if (taken.req !== request) socket.destroy()
        return
      }
      listener(request, socket, head)
      responseOn(socket)?.once('finish', () => { socket.destroy() })
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

/** The response that has taken a socket: there is one as soon as an upgrade was routed. */
function responseOn (socket: Duplex): ServerResponse | undefined {
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined
}
