import t from 'tap'
import { request, signIn, startBoard } from './board.ts'
import { listen } from './stream.ts'

const ROOM = 'repo:board'
const newIssue = { repositoryId: 'board', title: 'A new issue' }

t.test('a visitor without a name may look and not write', async (t) => {
  const { url } = await startBoard(t)
  t.equal((await request(url, 'GET', '/api/board')).status, 200)
  t.equal((await request(url, 'POST', '/api/issues', newIssue)).status, 401)
})

t.test('a visitor with a name writes under it', async (t) => {
  const { url } = await startBoard(t)
  const cookie = await signIn(url, 'Ada')
  const response = await request(url, 'POST', '/api/issues', newIssue, { cookie })
  t.equal(response.status, 201)
  t.match(await response.json(), { author: 'Ada', title: 'A new issue', number: 11 })
})

t.test('the session cookie is out of reach of scripts and other sites', async (t) => {
  const { url } = await startBoard(t)
  const response = await request(url, 'POST', '/api/session', { name: 'Ada' })
  t.match(response.headers.get('set-cookie'), /HttpOnly; SameSite=Lax/)
})

t.test('a cookie with another name in it is worth nothing', async (t) => {
  const { url } = await startBoard(t)
  const ada = await signIn(url, 'Ada')
  await request(url, 'PUT', '/api/rooms/board/membership', undefined, { cookie: ada })
  const cookie = (await signIn(url, 'Eve')).replace('Eve', 'Ada')
  t.equal((await request(url, 'POST', '/api/issues', newIssue, { cookie })).status, 401)
  await t.rejects(listen(t, url, [ROOM], { cookie }), { message: /403/ })
})

for (const name of ['', ' ', 'ada@example.org', 'a\nb', 'x'.repeat(31)]) {
  t.test(`${JSON.stringify(name)} is refused as a name`, async (t) => {
    const { url } = await startBoard(t)
    t.equal((await request(url, 'POST', '/api/session', { name })).status, 400)
  })
}
