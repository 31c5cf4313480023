import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Test } from 'tap'
import realtime, { type RealtimeOptions } from '../../lib/index.ts'

export interface App {
  app: FastifyInstance
  port: number
  /** Of plain HTTP, without a trailing slash. */
  url: string
}

export interface AppOptions {
  fastify?: FastifyServerOptions
  realtime?: RealtimeOptions
  /** Runs before the plugin is registered. */
  before?: (app: FastifyInstance) => unknown
}

/** An app with the plugin on 127.0.0.1, closed when the test is over. */
export async function startApp (t: Test, options: AppOptions = {}): Promise<App> {
  const app = Fastify({ forceCloseConnections: true, ...options.fastify })
  t.teardown(() => app.close())
  await options.before?.(app)
  await app.register(realtime, options.realtime ?? {})
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { app, port, url: `http://127.0.0.1:${port}` }
}
