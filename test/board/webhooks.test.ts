import { createClient } from '@libsql/client'
import t from 'tap'
import { deliver, request, signatureOf, startBoard } from './board.ts'
import { deliveries, recorded } from './payloads.ts'
import { listen } from './stream.ts'

const opened = recorded('issues', 'opened')
const ISSUE = `issue-${opened['issue'].id}`
const EMAIL = /[\w.+-]+@[\w-]+\.\w/

t.test('a delivery signed with another secret is refused and changes nothing', async (t) => {
  const { url } = await startBoard(t)
  const response = await deliver(url, 'issues', opened, { signature: signatureOf(JSON.stringify(opened), 'another secret') })
  t.equal(response.status, 401)
  t.equal((await request(url, 'GET', `/api/issues/${ISSUE}`)).status, 404)
})

t.test('a delivery without a signature is refused', async (t) => {
  const { url } = await startBoard(t)
  t.equal((await deliver(url, 'issues', opened, { signature: '' })).status, 401)
})

t.test('a signed delivery ends as a row', async (t) => {
  const { url } = await startBoard(t)
  t.equal((await deliver(url, 'issues', opened)).status, 202)
  const { issue } = await (await request(url, 'GET', `/api/issues/${ISSUE}`)).json() as { issue: unknown }
  t.match(issue, { title: opened['issue'].title, state: 'open', labels: [{ name: 'bug' }], author: 'Codertocat' })
})

t.test('a signed delivery reaches the stream with the listed fields alone', async (t) => {
  const { url } = await startBoard(t)
  const stream = await listen(t, url, ['public:board'])
  await deliver(url, 'issues', opened)
  const message = await stream.until(({ model }) => model === 'issue')
  t.match(message, { group: 'public:board', action: 'created', key: ISSUE, data: { title: opened['issue'].title } })
  t.same(Object.keys(message.data).sort(), [
    'assignees', 'author', 'body', 'changedAt', 'comments', 'draft', 'id', 'kind', 'labels', 'locked',
    'milestone', 'number', 'pinned', 'repositoryId', 'revision', 'state', 'title'
  ])
})

t.test('a delivery that came before is not repeated', async (t) => {
  const { app, url } = await startBoard(t)
  await deliver(url, 'issues', opened, { id: 'once' })
  await deliver(url, 'issues', recorded('issues', 'deleted'), { id: 'deleted' })
  t.equal((await deliver(url, 'issues', opened, { id: 'once' })).status, 202)
  t.equal((await app.inject(`/api/issues/${ISSUE}`)).statusCode, 404)
})

t.test('a deleted issue goes with its comments', async (t) => {
  const { url } = await startBoard(t)
  await deliver(url, 'issue_comment', recorded('issue_comment', 'created'))
  const stream = await listen(t, url, ['public:board', `public:issue:${ISSUE}`])
  await deliver(url, 'issues', recorded('issues', 'deleted'))
  const comment = await stream.until(({ model, action }) => model === 'comment' && action === 'deleted')
  t.same(Object.keys(comment.data), ['id'])
  await stream.until(({ model, action, key }) => model === 'issue' && action === 'deleted' && key === ISSUE)
})

t.test('a renamed label is renamed on the issues that wear it', async (t) => {
  const { url } = await startBoard(t)
  await deliver(url, 'issues', opened)
  const { repository, sender } = opened
  const label = { ...opened['issue'].labels[0], name: 'defect' }
  await deliver(url, 'label', { action: 'edited', label, changes: { name: { from: 'bug' } }, repository, sender })
  const { issue } = await (await request(url, 'GET', `/api/issues/${ISSUE}`)).json() as { issue: { labels: unknown } }
  t.match(issue.labels, [{ name: 'defect' }])
})

t.test('every recorded webhook is taken, and no e-mail address leaves the server', async (t) => {
  const { url, database } = await startBoard(t)
  t.equal(deliveries.length, 329)

  const subjects = deliveries.flatMap(({ payload }) => [
    payload['issue'] && `public:issue:issue-${payload['issue'].id}`,
    payload['pull_request'] && `public:issue:pull-${payload['pull_request'].id}`,
    payload['discussion'] && `public:issue:discussion-${payload['discussion'].id}`
  ]).filter(Boolean)
  const stream = await listen(t, url, ['public:board', ...new Set(subjects)])
  for (const { event, payload } of deliveries) {
    const response = await deliver(url, event, payload)
    if (response.status !== 202) t.fail(`${event} was answered with ${response.status}`)
  }
  await deliver(url, 'ping', { zen: 'the end', sender: { login: 'the-end' } })
  await stream.until(({ data }) => data['actor'] === 'the-end')

  const models = new Set(stream.messages.flatMap(({ model }) => model ?? []))
  t.same([...models].sort(), ['activity', 'comment', 'issue', 'label', 'repository'])
  t.equal(stream.messages.filter(({ model }) => model === 'activity').length, deliveries.length + 1)
  t.notMatch(stream.text.join('\n'), EMAIL)
  t.notMatch(await (await request(url, 'GET', '/api/board')).text(), EMAIL)

  const client = createClient({ url: `file:${database}` })
  t.teardown(() => client.close())
  const { rows } = await client.execute('select payload from activities')
  t.match(rows.map((row) => row['payload']).join(), EMAIL, 'the table does hold e-mail addresses')
})

t.test('going round again makes no more issues and comments than the first time', async (t) => {
  const { url } = await startBoard(t)
  const replay = async () => {
    for (const { event, payload } of deliveries) await deliver(url, event, payload)
    const board = await (await request(url, 'GET', '/api/board')).json() as Record<string, Array<{ id: string }>>
    return [board['issues'], board['repositories'], board['labels']].map((rows) => rows!.map(({ id }) => id).sort())
  }
  t.same(await replay(), await replay())
})
