import t from 'tap'
import { request, signIn, startBoard } from './board.ts'
import { listen } from './stream.ts'

async function openIssue (url: string, cookie: string): Promise<{ id: string }> {
  const response = await request(url, 'POST', '/api/issues', { repositoryId: 'board', title: 'A new issue', labels: ['bug', 'unknown'] }, { cookie })
  return await response.json() as { id: string }
}

t.test('an issue opened by hand wears the labels that its repository has', async (t) => {
  const { url } = await startBoard(t)
  const issue = await openIssue(url, await signIn(url, 'Ada'))
  t.match(issue, { title: 'A new issue', state: 'open', labels: [{ name: 'bug' }] })
  t.equal((issue as unknown as { labels: unknown[] }).labels.length, 1)
})

t.test('closing an issue reaches the stream', async (t) => {
  const { url } = await startBoard(t)
  const cookie = await signIn(url, 'Ada')
  const { id } = await openIssue(url, cookie)
  const stream = await listen(t, url, ['public:board'])
  t.equal((await request(url, 'PATCH', `/api/issues/${id}`, { state: 'closed' }, { cookie })).status, 200)
  const message = await stream.until(({ key, action }) => key === id && action === 'updated')
  t.match(message.data, { id, state: 'closed', title: 'A new issue' })
  const { data } = await stream.until(({ model }) => model === 'activity')
  t.match(data, { actor: 'Ada', summary: 'closed #11 A new issue', issueId: id })
})

t.test('a comment reaches the group of its issue and is counted on the board', async (t) => {
  const { url } = await startBoard(t)
  const cookie = await signIn(url, 'Ada')
  const { id } = await openIssue(url, cookie)
  const stream = await listen(t, url, [`public:issue:${id}`, 'public:board'])
  t.equal((await request(url, 'POST', `/api/issues/${id}/comments`, { body: 'Indeed.' }, { cookie })).status, 201)
  t.match(await stream.until(({ model }) => model === 'comment'), { group: `public:issue:${id}`, data: { author: 'Ada', body: 'Indeed.' } })
  t.match((await stream.until(({ key }) => key === id)).data, { comments: 1 })
})

t.test('only so many comments are kept on an issue', async (t) => {
  const { url } = await startBoard(t)
  const cookie = await signIn(url, 'Ada')
  const { id } = await openIssue(url, cookie)
  for (let n = 1; n <= 102; n++) await request(url, 'POST', `/api/issues/${id}/comments`, { body: `number ${n}` }, { cookie })
  const { comments } = await (await request(url, 'GET', `/api/issues/${id}`)).json() as { comments: Array<{ body: string }> }
  t.equal(comments.length, 100)
  t.equal(comments[0]!.body, 'number 3')
})

const refused: Array<[string, string, string, unknown, number]> = [
  ['an issue without a title', 'POST', '/api/issues', { repositoryId: 'board' }, 400],
  ['an issue whose title is blank', 'POST', '/api/issues', { repositoryId: 'board', title: '  ' }, 400],
  ['an issue with a title that is too long', 'POST', '/api/issues', { repositoryId: 'board', title: 'x'.repeat(121) }, 400],
  ['an issue of a repository that is not there', 'POST', '/api/issues', { repositoryId: 'none', title: 'x' }, 404],
  ['a state that does not exist', 'PATCH', '/api/issues/none', { state: 'merged' }, 400],
  ['a change of nothing', 'PATCH', '/api/issues/none', {}, 400],
  ['a change of an issue that is not there', 'PATCH', '/api/issues/none', { state: 'closed' }, 404],
  ['a comment on an issue that is not there', 'POST', '/api/issues/none/comments', { body: 'x' }, 404]
]
for (const [what, method, path, body, status] of refused) {
  t.test(`${what} is refused`, async (t) => {
    const { url } = await startBoard(t)
    t.equal((await request(url, method, path, body, { cookie: await signIn(url, 'Ada') })).status, status)
  })
}
