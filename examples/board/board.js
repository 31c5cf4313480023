import { count, eq } from 'drizzle-orm'
import { labelChanges } from './labels.js'
import { memberships } from './members.js'
import { records } from './records.js'
import * as tables from './schema.js'

/** How many rows are kept: the oldest give way, so the file stays small however long the board runs. */
export const KEPT = { issues: 300, commentsPerIssue: 100, activities: 200, notesPerRoom: 100, membersPerRoom: 100 }

/** The board's data: what can be changed, and that each change is announced. */
export function createBoard ({ db, write }, realtime) {
  const of = (table, model) => records(db, table, () => realtime.model(model))
  const repositories = of(tables.repositories, 'repository')
  const labels = of(tables.labels, 'label')
  const issues = of(tables.issues, 'issue')
  const comments = of(tables.comments, 'comment')
  const activities = of(tables.activities, 'activity')
  const notes = of(tables.notes, 'note')

  /** Writes the number of comments into the issue they belong to. */
  async function countComments (issueId, options) {
    const [{ total }] = await db.select({ total: count() }).from(tables.comments).where(eq(tables.comments.issueId, issueId))
    return issues.save({ id: issueId, comments: total, changedAt: now() }, options)
  }

  return {
    db,
    write,
    repositories,
    labels,
    issues,
    ...labelChanges(db, labels, issues),
    ...memberships(db, realtime, KEPT.membersPerRoom),

    async saveIssue (row, options) {
      const saved = await issues.save({ ...row, changedAt: now() }, options)
      const dropped = await issues.keepNewest(KEPT.issues, tables.issues.changedAt)
      for (const { id } of dropped) await comments.remove(eq(tables.comments.issueId, id))
      return saved
    },

    async removeIssue (id) {
      await comments.remove(eq(tables.comments.issueId, id))
      await issues.remove(eq(tables.issues.id, id))
    },

    async saveComment (row, options) {
      const saved = await comments.save(row, options)
      await comments.keepNewest(KEPT.commentsPerIssue, tables.comments.writtenAt, eq(tables.comments.issueId, row.issueId))
      await countComments(row.issueId)
      return saved
    },

    async removeComment ({ id, issueId }) {
      await comments.remove(eq(tables.comments.id, id))
      await countComments(issueId)
    },

    async saveNote (row, options) {
      const saved = await notes.save(row, options)
      await notes.keepNewest(KEPT.notesPerRoom, tables.notes.writtenAt, eq(tables.notes.repositoryId, row.repositoryId))
      return saved
    },

    hasRecorded: async (id) => await activities.find(id) !== undefined,

    /** Adds a line to the feed. */
    async record (row) {
      await activities.save({ ...row, happenedAt: now() })
      await activities.keepNewest(KEPT.activities, tables.activities.happenedAt)
    },
  }
}

const now = () => new Date().toISOString()
