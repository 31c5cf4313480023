import type { FastifyInstance, FastifyServerOptions } from 'fastify'

export interface BoardOptions {
  /** Path of the database file; its directory must exist. */
  database: string
  /** Signs the session cookie. */
  cookieSecret: string
  /** The secret that GitHub signs its deliveries with. */
  webhookSecret: string
  logger?: FastifyServerOptions['logger']
}

/** The whole application, ready to listen or to be injected into. */
export function buildApp (options: BoardOptions): Promise<FastifyInstance>
