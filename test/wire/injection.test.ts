import { createParser, type EventSourceMessage } from 'eventsource-parser'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { RealtimeOptions } from '../../lib/index.ts'
import { startApp, type App } from './app.ts'
import type { Message } from './inbox.ts'
import { rawClient, readChunks, requestText, type RawClient } from './raw-client.ts'
import { get, textOf } from './stream.ts'

/** A stream whose chunks are read strictly, and its events by a parser that is not ours. */
interface StrictStream extends App {
  /** What came since it was last asked, when `last` has come. */
  events: (last: string) => Promise<EventSourceMessage[]>
}

async function strictStream (t: Test, options: RealtimeOptions = {}): Promise<StrictStream> {
  const started = await startApp(t, { realtime: { heartbeat: 3_600_000, ...options } })
  const client: RawClient = await rawClient(t, started.port, requestText('/realtime/sse?groups=public:lobby'))
  await client.until('realtime:open')
  let seen = 1
  const events = async (last: string): Promise<EventSourceMessage[]> => {
    await client.until(last)
    const all: EventSourceMessage[] = []
    const parser = createParser({
      onEvent: (event) => { all.push(event) },
      onComment: (comment) => { t.fail(`a comment: ${comment}`) },
      onRetry: (delay) => { t.fail(`a delay: ${delay}`) },
      onError: (error) => { t.fail(error) }
    })
    for (const text of readChunks(client.body).chunks) parser.feed(text)
    const fresh = all.slice(seen)
    seen = all.length
    return fresh
  }
  return { ...started, events }
}

const texts: Record<string, string> = {
  'a line feed': 'a\nevent: admin\ndata: b',
  'a carriage return': 'a\revent: admin\rdata: b',
  both: 'a\r\n\r\nevent: admin\r\ndata: b\r\n\r\n',
  'an end of the event': 'a\n\nid: 9-9\nretry: 1\ndata: b\n\n',
  'a comment': '\n: comment\n\n',
  'a NUL': 'a\0b',
  'U+2028 and U+2029': 'a\u2028b\u2029c',
  'U+0085': 'a\u0085b',
  'a byte order mark': '\ufeffa\ufeff',
  'leading spaces': '   a',
  'a leading colon': ':a',
  'an end of a chunk': '\r\n0\r\n\r\n',
  'half a surrogate pair': '\ud800',
  'an emoji': '😀',
  'an HTTP answer': 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
  nothing: '',
  'every control character': Array.from({ length: 32 }, (_, i) => String.fromCharCode(i)).join('')
}

t.test('whatever stands in data, it arrives as it was, in one event', async (t) => {
  const { app, events } = await strictStream(t)
  for (const [name, text] of Object.entries(texts)) {
    const { id } = await app.realtime.toGroup('public:lobby').send('message', { [text]: text })
    const [event, ...more] = await events(`"id":"${id}"`)
    t.same(more, [], `${name}: one event`)
    t.match(event, { id, event: 'message' })
    t.strictSame((JSON.parse(event!.data) as Message).data, { [text]: text }, name)
  }
})

t.test('any JSON value arrives as it was, in one event', async (t) => {
  const { app, events } = await strictStream(t)
  await t.resolves(fc.assert(fc.asyncProperty(fc.jsonValue(), async (value) => {
    const { id } = await app.realtime.toGroup('public:lobby').send('message', value)
    const [event, ...more] = await events(`"id":"${id}"`)
    return more.length === 0 && event!.id === id && event!.event === 'message' &&
      JSON.stringify((JSON.parse(event!.data) as Message).data) === JSON.stringify(value)
  }), { numRuns: 100 }))
})

t.test('any values of one turn arrive as so many events, in order', async (t) => {
  const { app, events } = await strictStream(t)
  await t.resolves(fc.assert(fc.asyncProperty(fc.array(fc.jsonValue({ maxDepth: 2 }), { minLength: 1, maxLength: 20 }), async (values) => {
    const sent = await Promise.all(values.map((value) => app.realtime.toGroup('public:lobby').send('message', value)))
    const arrived = await events(`"id":"${sent.at(-1)!.id}"`)
    return JSON.stringify(arrived.map(({ data }) => (JSON.parse(data) as Message).data)) === JSON.stringify(values) &&
      JSON.stringify(arrived.map(({ id }) => id)) === JSON.stringify(sent.map(({ id }) => id))
  }), { numRuns: 30 }))
})

t.test('any user id that is taken arrives as it was, in one event', async (t) => {
  const ids = ['a b', ' a', 'a"b', "a'b", '<b>', 'é😀', 'a\u2028b', '\ufeffa', '../a', '{p0}', 'a,b', '*', '__proto__', '@all', '1-1']
  for (const user of ids) {
    const { app, events } = await strictStream(t, { identify: () => user })
    const { id } = await app.realtime.toUser(user).send('message', 'hello')
    const [event, ...more] = await events(`"id":"${id}"`)
    t.same(more, [])
    t.strictSame(JSON.parse(event!.data), { id, group: `@user:${user}`, event: 'message', data: 'hello' })
  }
})

const dangerous = ['a\nb', 'a\rb', 'a\r\ndata: x', 'a\0b', 'a\u2028b', '\ufeffa', ' a', 'a b', 'a\tb', '', 'é', '\ud800', 'a"b', 'a\\b']

t.test('what could begin a line is refused as the name of an event, a group or a tab', async (t) => {
  const { app, events } = await strictStream(t)
  const target = app.realtime.toGroup('public:lobby')
  for (const text of dangerous) {
    await t.rejects(target.send(text, 1), { code: 'FST_REALTIME_BAD_EVENT' })
    await t.rejects(app.realtime.toGroup(text).send('message', 1), { code: 'FST_REALTIME_BAD_GROUP' })
    await t.rejects(target.send('message', 1, { except: text }), { code: 'FST_REALTIME_BAD_ORIGIN_TAG' })
  }
  await target.send('last', 1)
  t.equal((await events('"last"')).length, 1, 'and nothing of it was sent')
})

t.test('an illegal tag of a tab refuses the handshake, in the query and as a header', async (t) => {
  const { url } = await startApp(t)
  for (const tag of ['a\nb', 'a\r\nb', 'a\0b', 'a b', '', 'é', 'a.b', 'a'.repeat(65)]) {
    const response = await get(t, `${url}/realtime/sse?origin=${encodeURIComponent(tag)}`)
    t.equal(response.statusCode, 400)
    t.equal(JSON.parse(await textOf(response)).code, 'FST_REALTIME_BAD_ORIGIN_TAG')
    if (/[\r\n\0]/.test(tag)) continue
    t.equal((await get(t, `${url}/realtime/sse`, { headers: { 'realtime-origin': tag } })).statusCode, 400)
  }
})

t.test('control characters are refused in user ids', async (t) => {
  const { app } = await strictStream(t)
  for (const text of ['a\nb', 'a\rb', 'a\0b', 'a\u0085b', 'a\u007fb', '', '\ud800', 'a'.repeat(201)]) {
    await t.rejects(app.realtime.toUser(text).send('message', 1), { code: 'FST_REALTIME_BAD_USER' })
  }
})

t.test('any string as a name is either refused or arrives in one event', async (t) => {
  const { app, events } = await strictStream(t, { canJoin: () => true })
  const codes = /^FST_REALTIME_BAD_(?:EVENT|GROUP|ORIGIN_TAG|USER)$/
  await t.resolves(fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ unit: 'grapheme-ascii', maxLength: 4 }), async (text, ascii) => {
    for (const name of [text, ascii]) {
      for (const send of [
        () => app.realtime.toGroup('public:lobby').send(name, 1),
        () => app.realtime.toGroup('public:lobby').send('message', 1, { except: name }),
        () => app.realtime.toGroup(name).send('message', 1),
        () => app.realtime.toUser(name).send('message', 1)
      ]) await send().catch(({ code }: { code: string }) => { if (!codes.test(code)) throw new Error(code) })
    }
    const { id } = await app.realtime.toGroup('public:lobby').send('last', 1)
    return (await events(`"id":"${id}"`)).every(({ data }) => (JSON.parse(data) as Message).data === 1)
  }), { numRuns: 100 }))
})
