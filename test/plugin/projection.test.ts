import fc from 'fast-check'
import t from 'tap'
import { heard } from './heard.ts'
import { createRealtimeApp } from './server.ts'

const names = fc.oneof(
  fc.constantFrom('id', 'title', 'secret', '__proto__', 'constructor', 'prototype', 'toString', 'toJSON', 'hasOwnProperty', 'then', 'key', 'data', 'group', ''),
  fc.string({ maxLength: 8 })
)

/** A value that is recognised wherever it turns up: no two are the same, and none occurs by itself. */
const marked = fc.uuid().map((uuid) => `marked-${uuid}`)
const values = fc.oneof(marked, fc.array(marked, { maxLength: 3 }), fc.record({ deep: marked, __proto__: marked }, { noNullPrototype: true }))

/** Sets a column whatever its name. */
function toRow (columns: ReadonlyArray<[string | symbol, unknown]>): Record<PropertyKey, unknown> {
  const row = {}
  for (const [name, value] of columns) Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true })
  return row
}

function marksIn (value: unknown): string[] {
  return JSON.stringify(value, (_name, one: unknown) => one)?.match(/marked-[0-9a-f-]{36}/g) ?? []
}

const columns = fc.array(fc.tuple(names, values), { maxLength: 8 })
const action = fc.constantFrom('created', 'updated', 'deleted') as fc.Arbitrary<'created' | 'updated' | 'deleted'>

t.test('no value of a column that is not listed is ever on the wire', async (t) => {
  await fc.assert(fc.asyncProperty(columns, columns, fc.array(names, { maxLength: 4 }), action, marked, async (now, before, fields, what, hidden) => {
    const { app } = await createRealtimeApp(t, { models: { post: [{ group: 'a', fields }, { group: (row) => typeof row['id'] === 'string' ? 'b' : 'c', fields }] } })
    const row = toRow([['id', 1], ...now.filter(([name]) => name !== 'id'), [Symbol('secret'), hidden]])
    const previous = toRow([['id', 1], ...before.filter(([name]) => name !== 'id')])
    const messages = await heard(app, async () => { await app.realtime.emit({ model: 'post', action: what, row, previous }) })
    const listed = new Set(Object.entries(Object.getOwnPropertyDescriptors(row)).flatMap(([name, { value }]) => fields.includes(name) ? marksIn(value) : []))
    return messages.every((message) => marksIn(message).every((mark) => what !== 'deleted' && listed.has(mark)))
  }), { numRuns: 150 })
  t.pass()
})

t.test('every value of a column that is listed is', async (t) => {
  await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.tuple(names.filter((name) => name !== 'id' && name !== 'toJSON'), values), { maxLength: 8, selector: ([name]) => name }), async (now) => {
    const { app } = await createRealtimeApp(t, { models: { post: { group: 'a', fields: now.map(([name]) => name) } } })
    const [message] = await heard(app, async () => { await app.realtime.model('post').created(toRow([['id', 1], ...now])) })
    return now.every(([, value]) => marksIn(value).every((mark) => marksIn(message).includes(mark)))
  }), { numRuns: 100 })
  t.pass()
})

t.test('what a prototype holds is not a column', async (t) => {
  class Row {
    id = 1
    get secret (): string { return 'marked' }
  }
  const { app } = await createRealtimeApp(t, { models: { post: [{ group: 'a', fields: ['secret', 'constructor', '__proto__', 'toString'] }, { group: 'b', fields: 'all' }] } })
  const messages = await heard(app, async () => { await app.realtime.model('post').created(Object.assign(new Row(), { title: 'T' })) })
  t.strictSame(messages.map(({ data }) => data), [{ id: 1 }, { id: 1, title: 'T' }])
})

t.test('a row that answers toJSON says no more than its columns', async (t) => {
  const { app } = await createRealtimeApp(t, { models: { post: [{ group: 'a', fields: ['title'] }, { group: 'b', fields: ['toJSON'] }] } })
  const messages = await heard(app, async () => {
    const row = { id: 1, title: 'T', secret: 'marked', toJSON () { return { secret: this.secret } } }
    await app.realtime.model('post').created(row).catch(() => {})
  })
  t.notMatch(JSON.stringify(messages), /marked/)
})
