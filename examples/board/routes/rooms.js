import { randomUUID } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import { roomOf } from '../realtime.js'
import { members, notes } from '../schema.js'
import { requireUser } from '../session.js'
import * as shapes from '../shapes.js'
import * as bodies from './bodies.js'
import { MembersOnly, NotFound } from './refusals.js'

/** The private room of a repository: anyone signed in may become a member, and only members see and write its notes. */
export async function roomRoutes (app) {
  const { board } = app
  const { db } = board
  app.addHook('preHandler', requireUser)

  const membersOnly = async (request) => {
    if (!await board.isMember(request.params.repositoryId, request.user)) throw new MembersOnly()
  }

  app.get('/:repositoryId', { preHandler: membersOnly, schema: { response: { 200: shapes.room } } }, async (request) => {
    const { repositoryId } = request.params
    return {
      members: await db.select().from(members).where(eq(members.repositoryId, repositoryId)).orderBy(asc(members.joinedAt)),
      notes: await db.select().from(notes).where(eq(notes.repositoryId, repositoryId)).orderBy(asc(notes.writtenAt)),
    }
  })

  app.put('/:repositoryId/membership', async (request, reply) => {
    const { repositoryId } = request.params
    await board.write(async () => {
      if (await board.repositories.find(repositoryId) === undefined) throw new NotFound('repository')
      await board.addMember(repositoryId, request.user, { except: request })
    })
    return reply.code(204).send()
  })

  app.delete('/:repositoryId/membership', async (request, reply) => {
    const { repositoryId } = request.params
    await board.write(() => board.removeMember(repositoryId, request.user, { except: request }))
    await app.realtime.revoke({ user: request.user, group: roomOf(repositoryId) })
    return reply.code(204).send()
  })

  app.post('/:repositoryId/notes', {
    preHandler: membersOnly,
    schema: { body: bodies.note, response: { 201: shapes.note } },
  }, async (request, reply) => {
    const { repositoryId } = request.params
    const row = { id: randomUUID(), repositoryId, author: request.user, body: request.body.body }
    const saved = await board.write(() => board.saveNote({ ...row, writtenAt: new Date().toISOString() }, { except: request }))
    return reply.code(201).send(saved)
  })
}
