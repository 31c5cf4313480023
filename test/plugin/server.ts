import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Test } from 'tap'
import realtime, { type RealtimeOptions } from '../../lib/index.ts'

/** A line that the app logged. */
export interface LogLine {
  level: number
  msg: string
  hook?: string
  err?: { code?: string, message: string }
}

export interface App {
  app: FastifyInstance
  /** Everything of level `info` and above, in order. */
  logs: LogLine[]
  /** What is worse than `info`. */
  warnings: () => LogLine[]
}

/** An app without the plugin; it is closed when the test is over. */
export function createApp (t: Test, options: FastifyServerOptions & { http2?: boolean } = {}): App {
  const logs: LogLine[] = []
  const stream = { write: (line: string) => { logs.push(JSON.parse(line) as LogLine) } }
  const app = Fastify({ logger: { level: 'info', stream }, ...options } as FastifyServerOptions)
  t.teardown(async () => { await app.close() })
  return { app, logs, warnings: () => logs.filter(({ level }) => level > 30) }
}

/** An app with the plugin, which may still be added to. */
export async function createRealtimeApp (t: Test, options: RealtimeOptions = {}, server: FastifyServerOptions & { http2?: boolean } = {}): Promise<App> {
  const created = createApp(t, server)
  await created.app.register(realtime, { drainTimeout: 200, reconnectSpread: 0, ...options })
  return created
}

/** Starts to listen, and tells at which URL. */
export async function listen (app: FastifyInstance): Promise<string> {
  return await app.listen({ host: '127.0.0.1', port: 0 })
}

/** An app with the plugin that listens. */
export async function serve (t: Test, options: RealtimeOptions = {}, server: FastifyServerOptions & { http2?: boolean } = {}): Promise<App & { url: string }> {
  const created = await createRealtimeApp(t, options, server)
  return { ...created, url: await listen(created.app) }
}
