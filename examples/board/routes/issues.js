import { randomUUID } from 'node:crypto'
import { and, asc, eq, inArray, max } from 'drizzle-orm'
import { comments, issues, labels } from '../schema.js'
import { requireUser } from '../session.js'
import * as shapes from '../shapes.js'
import * as bodies from './bodies.js'
import { NotFound } from './refusals.js'

/**
 * Issues and their comments, by hand. What a tab changed itself it has from the
 * response, so the message leaves that tab out: `{ except: request }`.
 */
export async function issueRoutes (app) {
  const { board } = app
  const { db } = board
  const existing = async (id) => await board.issues.find(id) ?? refuse('issue')

  app.get('/:id', { schema: { response: { 200: shapes.thread } } }, async (request) => ({
    issue: await existing(request.params.id),
    comments: await db.select().from(comments).where(eq(comments.issueId, request.params.id)).orderBy(asc(comments.writtenAt)),
  }))

  app.post('/', {
    preHandler: requireUser,
    schema: { body: bodies.newIssue, response: { 201: shapes.issue } },
  }, async (request, reply) => {
    const { repositoryId, title, body, labels: names } = request.body
    const issue = await board.write(async () => {
      if (await board.repositories.find(repositoryId) === undefined) refuse('repository')
      const [{ last }] = await db.select({ last: max(issues.number) }).from(issues).where(eq(issues.repositoryId, repositoryId))
      const chosen = await db.select({ name: labels.name, color: labels.color }).from(labels)
        .where(and(eq(labels.repositoryId, repositoryId), inArray(labels.name, names)))
      const row = { id: `issue-${randomUUID()}`, kind: 'issue', repositoryId, title, body, labels: chosen, author: request.user }
      const saved = await board.saveIssue({ ...row, number: (last ?? 0) + 1 }, { except: request })
      await board.record(line(request, 'opened', saved))
      return saved
    })
    return reply.code(201).send(issue)
  })

  app.patch('/:id', {
    preHandler: requireUser,
    schema: { body: bodies.issueChange, response: { 200: shapes.issue } },
  }, (request) => board.write(async () => {
    const { id } = await existing(request.params.id)
    const saved = await board.saveIssue({ id, ...request.body }, { except: request })
    const { state } = request.body
    await board.record(line(request, state === undefined ? 'edited' : state === 'open' ? 'reopened' : 'closed', saved))
    return saved
  }))

  app.post('/:id/comments', {
    preHandler: requireUser,
    schema: { body: bodies.comment, response: { 201: shapes.comment } },
  }, async (request, reply) => {
    const comment = await board.write(async () => {
      const issue = await existing(request.params.id)
      const row = { id: `comment-${randomUUID()}`, issueId: issue.id, author: request.user, body: request.body.body }
      const saved = await board.saveComment({ ...row, writtenAt: new Date().toISOString() }, { except: request })
      await board.record(line(request, 'commented on', issue))
      return saved
    })
    return reply.code(201).send(comment)
  })
}

function refuse (what) {
  throw new NotFound(what)
}

function line ({ user }, action, issue) {
  return {
    id: randomUUID(),
    event: 'page',
    action,
    actor: user,
    summary: `${action} #${issue.number} ${issue.title}`,
    issueId: issue.id,
  }
}
