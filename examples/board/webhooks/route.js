import createError from '@fastify/error'
import { describe } from './describe.js'
import { handlers } from './handlers.js'
import { repositoryRow, subjectRow } from './rows.js'
import { verify } from './signature.js'

const BadSignature = createError('BOARD_BAD_SIGNATURE', 'The signature does not fit the body', 401)

const delivery = {
  headers: {
    type: 'object',
    required: ['x-github-event', 'x-github-delivery'],
    properties: {
      'x-github-event': { type: 'string', pattern: '^[a-z0-9_]{1,60}$' },
      'x-github-delivery': { type: 'string', pattern: '^[A-Za-z0-9-]{1,60}$' },
    },
  },
  body: { type: 'object' },
}

/**
 * `POST /webhooks/github`. A delivery that came before is answered and not
 * repeated; one of an event that the board does not show still makes a line in
 * the feed.
 */
export async function webhookRoutes (app, { secret }) {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('remove', 'remove')
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: 5 * 1024 * 1024 }, (request, body, done) => {
    if (verify(secret, body, request.headers['x-hub-signature-256'])) parse(request, body.toString(), done)
    else done(new BadSignature())
  })

  app.post('/webhooks/github', { schema: delivery }, async (request, reply) => {
    const { 'x-github-event': event, 'x-github-delivery': id } = request.headers
    const payload = request.body
    await app.board.write(async () => {
      if (await app.board.hasRecorded(id)) return
      await receive(app.board, event, payload)
      await app.board.record({ id, payload, ...describe(event, payload) })
    })
    return reply.code(202).send({ ok: true })
  })
}

async function receive (board, event, payload) {
  if (payload.repository) await board.repositories.save(repositoryRow(payload.repository))
  const subject = subjectRow(payload)
  if (subject) await board.saveIssue(subject)
  await handlers[event]?.(board, payload)
}
