/** The request bodies, as JSON schemas. Text must hold something other than white space. */
const text = (maxLength) => ({ type: 'string', maxLength, pattern: '\\S' })
const body = (required, properties) => ({ type: 'object', required, additionalProperties: false, properties })

export const newIssue = body(['repositoryId', 'title'], {
  repositoryId: text(40),
  title: text(120),
  body: { type: 'string', maxLength: 4000, default: '' },
  labels: { type: 'array', maxItems: 10, items: text(60), default: [] },
})

export const issueChange = {
  ...body([], {
    title: text(120),
    body: { type: 'string', maxLength: 4000 },
    state: { enum: ['open', 'closed'] },
  }),
  minProperties: 1,
}

export const comment = body(['body'], { body: text(2000) })

export const note = body(['body'], { body: text(1000) })
