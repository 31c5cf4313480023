import t from 'tap'
import { startApp } from './app.ts'
import { openSocket } from './socket.ts'
import { get, openStream, textOf } from './stream.ts'

const anyone = { canJoin: () => true }

/** Names that are in no group's grammar. */
const illegal: Record<string, string> = {
  'a space': 'a b',
  'a leading space': ' a',
  'a star': '*',
  'a pattern': 'a.*',
  braces: '{p0}',
  'an encoded comma, twice encoded': 'a%2Cb',
  'a slash backwards': 'a\\b',
  'a quote': 'a"b',
  'a question mark': 'a?b',
  'a hash': 'a#b',
  'a NUL': 'a\0b',
  'a line end': 'a\nevent: evil',
  'a carriage return': 'a\rb',
  'U+2028': 'a\u2028b',
  'a byte order mark': '\ufeffa',
  'a precomposed letter': '\u00e1',
  'a combining letter': 'a\u0301',
  'a fullwidth letter': '\uff41',
  'a letter of another script': 'аdmin',
  'a zero-width space': 'a\u200bb',
  'a right-to-left mark': 'a\u200fb',
  'an emoji': '😀',
  '201 characters': 'a'.repeat(201),
  everyone: '@all',
  'a user': '@user:1',
  'one connection': '@connection'
}

/** Names that look dangerous and are names like any other. */
const legal = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', '..', '.', '/', '../../etc/passwd', 'a@b', 'A', 'a', '1', '-', '+', '=', '~', 'a'.repeat(200), 'AZaz09_.:@/+=~-'.replace('@', 'x@')]

t.test('an illegal name refuses the handshake with 400, and is not echoed raw', async (t) => {
  const { url } = await startApp(t, { realtime: anyone })
  for (const [name, group] of Object.entries(illegal)) {
    const response = await get(t, `${url}/realtime/sse?partial=1&groups=${encodeURIComponent(group)}`)
    t.equal(response.statusCode, 400, name)
    const { code, message } = JSON.parse(await textOf(response))
    t.equal(code, 'FST_REALTIME_BAD_GROUP')
    t.notMatch(message, /[\0-\x1f]/) // eslint-disable-line no-control-regex
  }
})

t.test('an illegal name in a command is refused with a code', async (t) => {
  const { url } = await startApp(t, { realtime: { ...anyone, limits: { messagesPerSecond: 10_000 } } })
  const { ws, replies } = await openSocket(t, `${url}/realtime/ws`)
  let ref = 0
  for (const [name, group] of Object.entries({ ...illegal, 'half a surrogate pair': '\ud800', 'a list': 'a,b', 'a percent sign': '%61' })) {
    for (const type of ['subscribe', 'unsubscribe']) {
      const mine = ++ref
      ws.send(JSON.stringify({ ref: mine, type, group }))
      const { ok, error } = await replies.until((reply) => reply.ref === mine)
      t.equal(ok, false, `${type}: ${name}`)
      t.equal(error?.code, group.length > 200 ? 'FST_REALTIME_MALFORMED' : 'FST_REALTIME_BAD_GROUP')
    }
  }
})

t.test('a name of bytes that are no UTF-8 is refused', async (t) => {
  const { url } = await startApp(t, { realtime: anyone })
  for (const bytes of ['%ED%A0%80', '%ff', '%c3%28', '%', '%zz', '%2']) {
    t.equal((await get(t, `${url}/realtime/sse?groups=a${bytes}`)).statusCode, 400, bytes)
  }
})

t.test('every legal name is a group of its own, as it is written', async (t) => {
  const asked: string[] = []
  const { app, url } = await startApp(t, {
    realtime: {
      canJoin: ({ group }) => {
        asked.push(group)
        return true
      }
    }
  })
  const { opening, messages } = await openStream(t, `${url}/realtime/sse?groups=${legal.map(encodeURIComponent).join()}`)
  t.same(opening.groups, legal)
  t.same(asked, legal)
  for (const group of legal) {
    t.equal(app.realtime.groupSize(group), 1)
    await app.realtime.toGroup(group).send('message', group)
    t.equal((await messages.until(({ data }) => data === group)).group, group)
  }
  t.equal(messages.all.length, 1 + legal.length, 'and each came once')
})

t.test('names are decoded once, and case counts', async (t) => {
  const asked: string[] = []
  const { url } = await startApp(t, {
    realtime: {
      canJoin: ({ group }) => {
        asked.push(group)
        return group === 'Room:a/b'
      }
    }
  })
  const { opening } = await openStream(t, `${url}/realtime/sse?groups=Room%3Aa%2Fb`)
  t.same(opening.groups, ['Room:a/b'])
  t.equal((await get(t, `${url}/realtime/sse?groups=room:a/b`)).statusCode, 403)
  t.same(asked, ['Room:a/b', 'room:a/b'])
})

t.test('repetitions and empty names are nothing', async (t) => {
  const { url } = await startApp(t)
  const { opening } = await openStream(t, `${url}/realtime/sse?groups=,public:a,,public:a,&groups=&groups=public:a`)
  t.same(opening.groups, ['public:a'])
})

t.test('groups in any other notation are not groups', async (t) => {
  const { url } = await startApp(t)
  for (const query of ['groups[]=secret', 'groups[x]=secret', 'groups.x=secret', 'Groups=secret', 'group=secret', '__proto__[groups]=secret', 'x=1;groups=secret']) {
    const { opening } = await openStream(t, `${url}/realtime/sse?${query}`)
    t.same(opening.groups, [], query)
  }
})
