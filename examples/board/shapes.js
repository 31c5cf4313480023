/**
 * What a page may see of each row, as JSON schemas: the HTTP responses are
 * serialised by them and the realtime exposures list their properties, so that
 * a column that is not named here leaves the server on neither way.
 */
const string = { type: 'string' }
const nullable = { type: ['string', 'null'] }
const integer = { type: 'integer' }
const boolean = { type: 'boolean' }

const shape = (properties) => ({ type: 'object', properties })
const listOf = (items) => ({ type: 'array', items })

export const repository = shape({ id: string, fullName: string, stars: integer, revision: integer })

export const label = shape({ id: string, repositoryId: string, name: string, color: string, revision: integer })

export const issue = shape({
  id: string,
  repositoryId: string,
  kind: string,
  number: integer,
  title: string,
  body: string,
  state: string,
  draft: boolean,
  locked: boolean,
  pinned: boolean,
  labels: listOf(shape({ name: string, color: string })),
  assignees: listOf(string),
  milestone: nullable,
  author: string,
  comments: integer,
  changedAt: string,
  revision: integer,
})

export const comment = shape({ id: string, issueId: string, author: string, body: string, writtenAt: string, revision: integer })

export const activity = shape({
  id: string,
  event: string,
  action: nullable,
  actor: string,
  summary: string,
  repository: nullable,
  issueId: nullable,
  happenedAt: string,
})

export const member = shape({ repositoryId: string, name: string })

export const note = shape({ id: string, repositoryId: string, author: string, body: string, writtenAt: string })

export const board = shape({
  user: nullable,
  rooms: listOf(string),
  repositories: listOf(repository),
  labels: listOf(label),
  issues: listOf(issue),
  activities: listOf(activity),
})

export const thread = shape({ issue, comments: listOf(comment) })

export const room = shape({ members: listOf(member), notes: listOf(note) })

/** The names of the columns that a shape shows. */
export const fieldsOf = (schema) => Object.keys(schema.properties)
