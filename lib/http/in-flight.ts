import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

/**
 * The app's requests that have no answer yet: what they still send is to arrive,
 * so closing waits for them.
 */
export class InFlight {
  readonly #responses = new Set<object>()
  #idle: (() => void) | undefined

  /**
   * Follows every request of the instance and its children, but for those pipelined
   * behind another: node:http does not tell of their end when the socket is cut.
   */
  follow (instance: FastifyInstance): void {
    const responses = this.#responses
    const over = (response: object): void => {
      if (responses.delete(response) && responses.size === 0) this.#idle?.()
    }
    function onClose (this: ServerResponse): void { over(this) }
    instance.addHook('onRequest', (request, reply, done) => {
      if (request.raw.headers.upgrade === undefined && reply.raw.socket !== null) {
        responses.add(reply.raw)
        reply.raw.on('close', onClose)
      }
      done()
    })
    instance.addHook('onResponse', (_request, reply, done) => {
      over(reply.raw)
      done()
    })
  }

  /** A request that became a stream is no longer in flight. */
  release (response: object): void {
    if (this.#responses.delete(response) && this.#responses.size === 0) this.#idle?.()
  }

  /** Resolves when none is left, or after `timeout` milliseconds. Answers that have begun are as good as given. */
  async settled (timeout: number): Promise<void> {
    for (const response of this.#responses) {
      if ((response as ServerResponse).headersSent) this.#responses.delete(response)
    }
    if (this.#responses.size === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeout)
      this.#idle = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
