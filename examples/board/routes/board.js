import { asc, desc, eq } from 'drizzle-orm'
import { activities, issues, labels, members, repositories } from '../schema.js'
import * as shapes from '../shapes.js'

/** `GET /api/board`: everything that the page shows at first, for whoever asks. */
export async function boardRoutes (app) {
  const { db } = app.board

  app.get('/board', { schema: { response: { 200: shapes.board } } }, async (request) => {
    const { user } = request
    const rooms = user === null ? [] : await db.select().from(members).where(eq(members.name, user))
    return {
      user,
      rooms: rooms.map(({ repositoryId }) => repositoryId),
      repositories: await db.select().from(repositories).orderBy(asc(repositories.fullName)),
      labels: await db.select().from(labels).orderBy(asc(labels.name)),
      issues: await db.select().from(issues).orderBy(desc(issues.changedAt)),
      activities: await db.select().from(activities).orderBy(desc(activities.happenedAt)).limit(40),
    }
  })
}
