import createError from '@fastify/error'
import fp from 'fastify-plugin'

const COOKIE = 'board'
const options = { path: '/', httpOnly: true, sameSite: 'lax', signed: true, maxAge: 30 * 24 * 3600 }

const SignInFirst = createError('BOARD_SIGN_IN_FIRST', 'Sign in first', 401)

const credentials = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: { name: { type: 'string', pattern: '^[\\p{L}\\p{N}](?:[\\p{L}\\p{N} ._-]{0,28}[\\p{L}\\p{N}])?$' } },
}

/** A preHandler for the routes that need to know who is asking. */
export async function requireUser (request) {
  if (request.user === null) throw new SignInFirst()
}

/**
 * Signing in with a name and nothing else: the cookie is signed, so a name
 * cannot be changed afterwards. `request.user` is that name, or null.
 */
export const session = fp(async (app) => {
  app.decorateRequest('user', {
    getter () {
      const cookie = this.cookies[COOKIE]
      const { valid, value } = cookie === undefined ? {} : this.unsignCookie(cookie)
      return valid ? value : null
    },
  })

  app.post('/api/session', { schema: { body: credentials } }, async (request, reply) => {
    reply.setCookie(COOKIE, request.body.name, options)
    return { user: request.body.name }
  })

  app.delete('/api/session', async (request, reply) => {
    reply.clearCookie(COOKIE, options)
    return { user: null }
  })
}, { name: 'board-session', dependencies: ['@fastify/cookie'] })
