import fastifyCookie from '@fastify/cookie'
import fastifyStatic from '@fastify/static'
import Fastify from 'fastify'
import realtime from 'fastify-realtime'
import { fileURLToPath } from 'node:url'
import { createBoard } from './board.js'
import { openDatabase } from './database.js'
import { realtimeOptions } from './realtime.js'
import { boardRoutes } from './routes/board.js'
import { issueRoutes } from './routes/issues.js'
import { roomRoutes } from './routes/rooms.js'
import { pageHeaders } from './page-headers.js'
import { seed } from './seed.js'
import { session } from './session.js'
import { webhookRoutes } from './webhooks/route.js'

const publicDirectory = fileURLToPath(new URL('./public', import.meta.url))

/**
 * The whole application, ready to listen or to be injected into.
 *
 * @param {object} options
 * @param {string} options.database path of the database file
 * @param {string} options.cookieSecret signs the session cookie
 * @param {string} options.webhookSecret the secret that GitHub signs its deliveries with
 * @param {import('fastify').FastifyServerOptions['logger']} [options.logger]
 */
export async function buildApp ({ database, cookieSecret, webhookSecret, logger = false }) {
  const app = Fastify({ logger })
  const opened = await openDatabase(database)
  app.addHook('onClose', opened.close)

  await app.register(fastifyCookie, { secret: cookieSecret })
  await app.register(session)
  await app.register(realtime, realtimeOptions((repositoryId, name) => app.board.isMember(repositoryId, name)))
  app.decorate('board', createBoard(opened, app.realtime))

  await app.register(pageHeaders)
  await app.register(fastifyStatic, { root: publicDirectory })
  await app.register(webhookRoutes, { secret: webhookSecret })
  await app.register(boardRoutes, { prefix: '/api' })
  await app.register(issueRoutes, { prefix: '/api/issues' })
  await app.register(roomRoutes, { prefix: '/api/rooms' })
  await seed(app.board)
  return app
}
