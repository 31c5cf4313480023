import t from 'tap'
import { request, signIn, startBoard } from './board.ts'
import { listen } from './stream.ts'

const ROOM = 'repo:board'
const PATH = '/api/rooms/board'

t.test('the stream of a private room is refused to visitors without a name', async (t) => {
  const { url } = await startBoard(t)
  await t.rejects(listen(t, url, [ROOM]), { message: /403/ })
})

t.test('the stream of a private room is refused to those who are no members', async (t) => {
  const { url } = await startBoard(t)
  await t.rejects(listen(t, url, [ROOM], { cookie: await signIn(url, 'Eve') }), { message: /403/ })
})

t.test('the notes of a private room are refused to those who are no members', async (t) => {
  const { url } = await startBoard(t)
  const cookie = await signIn(url, 'Eve')
  t.equal((await request(url, 'GET', PATH, undefined, { cookie })).status, 403)
  t.equal((await request(url, 'POST', `${PATH}/notes`, { body: 'hello' }, { cookie })).status, 403)
})

t.test('a group that is neither public nor a room is refused', async (t) => {
  const { url } = await startBoard(t)
  await t.rejects(listen(t, url, ['board'], { cookie: await signIn(url, 'Eve') }), { message: /403/ })
})

t.test('members hear each other, and the public group hears nothing of it', async (t) => {
  const { url } = await startBoard(t)
  const [ada, ben] = [await signIn(url, 'Ada'), await signIn(url, 'Ben')]
  for (const cookie of [ada, ben]) await request(url, 'PUT', `${PATH}/membership`, undefined, { cookie })
  const outside = await listen(t, url, ['public:board'])
  const inside = await listen(t, url, [ROOM], { cookie: ben })

  t.equal((await request(url, 'POST', `${PATH}/notes`, { body: 'between us' }, { cookie: ada })).status, 201)
  const note = await inside.until(({ model }) => model === 'note')
  t.match(note, { group: ROOM, action: 'created', data: { author: 'Ada', body: 'between us' } })

  await request(url, 'POST', '/api/issues', { repositoryId: 'board', title: 'The last thing' }, { cookie: ada })
  await outside.until(({ data }) => data['title'] === 'The last thing')
  t.notMatch(outside.text.join('\n'), 'between us')
})

t.test('a tab hears no echo of what it changed itself', async (t) => {
  const { url } = await startBoard(t)
  const cookie = await signIn(url, 'Ada')
  await request(url, 'PUT', `${PATH}/membership`, undefined, { cookie })
  const tag = { cookie, 'realtime-origin': 'tab-1' }
  const own = await listen(t, url, [ROOM], tag)
  const other = await listen(t, url, [ROOM], { cookie, 'realtime-origin': 'tab-2' })

  await request(url, 'POST', `${PATH}/notes`, { body: 'mine' }, tag)
  await request(url, 'POST', `${PATH}/notes`, { body: 'the last one' }, { cookie })
  for (const stream of [own, other]) await stream.until(({ data }) => data['body'] === 'the last one')
  t.equal(own.messages.filter(({ model }) => model === 'note').length, 1)
  t.equal(other.messages.filter(({ model }) => model === 'note').length, 2)
})

t.test('who leaves a room hears no more of it', async (t) => {
  const { url } = await startBoard(t)
  const [ada, ben] = [await signIn(url, 'Ada'), await signIn(url, 'Ben')]
  for (const cookie of [ada, ben]) await request(url, 'PUT', `${PATH}/membership`, undefined, { cookie })
  const stream = await listen(t, url, [ROOM, 'public:board'], { cookie: ben })

  t.equal((await request(url, 'DELETE', `${PATH}/membership`, undefined, { cookie: ben })).status, 204)
  await stream.until(({ event }) => event === 'realtime:left')
  await request(url, 'POST', `${PATH}/notes`, { body: 'about Ben' }, { cookie: ada })
  await request(url, 'POST', '/api/issues', { repositoryId: 'board', title: 'The last thing' }, { cookie: ada })
  await stream.until(({ data }) => data['title'] === 'The last thing')
  t.notMatch(stream.text.join('\n'), 'about Ben')
})
