import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Counts the writes to a row, so that a page can tell an older copy of it from a newer one. */
const revision = integer('revision').notNull().default(1)

export const repositories = sqliteTable('repositories', {
  id: text('id').primaryKey(),
  fullName: text('full_name').notNull(),
  stars: integer('stars').notNull().default(0),
  revision,
})

export const labels = sqliteTable('labels', {
  id: text('id').primaryKey(),
  repositoryId: text('repository_id').notNull(),
  name: text('name').notNull(),
  color: text('color').notNull(),
  revision,
}, (table) => [index('labels_repository').on(table.repositoryId)])

/** Issues, pull requests and discussions: `kind` tells which. */
export const issues = sqliteTable('issues', {
  id: text('id').primaryKey(),
  repositoryId: text('repository_id').notNull(),
  kind: text('kind', { enum: ['issue', 'pull_request', 'discussion'] }).notNull(),
  number: integer('number').notNull(),
  title: text('title').notNull(),
  body: text('body').notNull().default(''),
  state: text('state', { enum: ['open', 'closed', 'merged'] }).notNull().default('open'),
  draft: integer('draft', { mode: 'boolean' }).notNull().default(false),
  locked: integer('locked', { mode: 'boolean' }).notNull().default(false),
  pinned: integer('pinned', { mode: 'boolean' }).notNull().default(false),
  labels: text('labels', { mode: 'json' }).notNull().default([]),
  assignees: text('assignees', { mode: 'json' }).notNull().default([]),
  milestone: text('milestone'),
  author: text('author').notNull(),
  comments: integer('comments').notNull().default(0),
  changedAt: text('changed_at').notNull(),
  revision,
}, (table) => [index('issues_changed').on(table.changedAt)])

export const comments = sqliteTable('comments', {
  id: text('id').primaryKey(),
  issueId: text('issue_id').notNull(),
  author: text('author').notNull(),
  body: text('body').notNull(),
  writtenAt: text('written_at').notNull(),
  revision,
}, (table) => [index('comments_issue').on(table.issueId)])

/** What happened, newest last. `payload` is the webhook as it came, e-mail addresses included: it never leaves the server. */
export const activities = sqliteTable('activities', {
  id: text('id').primaryKey(),
  event: text('event').notNull(),
  action: text('action'),
  actor: text('actor').notNull(),
  summary: text('summary').notNull(),
  repository: text('repository'),
  issueId: text('issue_id'),
  happenedAt: text('happened_at').notNull(),
  payload: text('payload', { mode: 'json' }),
}, (table) => [index('activities_happened').on(table.happenedAt)])

export const members = sqliteTable('members', {
  repositoryId: text('repository_id').notNull(),
  name: text('name').notNull(),
  joinedAt: text('joined_at').notNull(),
}, (table) => [primaryKey({ columns: [table.repositoryId, table.name] })])

/** What the members of a repository tell each other in its private room. */
export const notes = sqliteTable('notes', {
  id: text('id').primaryKey(),
  repositoryId: text('repository_id').notNull(),
  author: text('author').notNull(),
  body: text('body').notNull(),
  writtenAt: text('written_at').notNull(),
}, (table) => [index('notes_repository').on(table.repositoryId)])
