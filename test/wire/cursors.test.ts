import fc from 'fast-check'
import t, { type Test } from 'tap'
import { startApp, type App } from './app.ts'
import { bystanders } from './bystanders.ts'
import type { Message } from './inbox.ts'
import { rawClient, requestText } from './raw-client.ts'
import { openSocket } from './socket.ts'
import { openStream } from './stream.ts'

const cursors: Record<string, string> = {
  nothing: '',
  'a word': 'abc',
  'below zero': '-1',
  'beyond all numbers': '1e999',
  'beyond what is exact': '9007199254740993-1',
  'no number': 'NaN',
  'half of one': '1-',
  'a fraction': '1.5-1',
  'leading zeros': '01-01',
  'a sign': '+1-+1',
  'another script': '١-١',
  spaces: ' 1-1 ',
  'a path': '../../etc/passwd',
  braces: '{p0}',
  JSON: '{"$gt":""}',
  'an array': '[1,2]',
  'a line end': '1-1\nevent: evil\ndata: x\n\n',
  'U+2028': '1-1\u2028',
  'a star': '*',
  'a dollar': '$',
  'a prototype': '__proto__',
  'another generation': '1-1',
  'the future': '9007199254740991-9007199254740991',
  '8 KB': '1'.repeat(8_192),
  '8 KB of pairs': '1-'.repeat(4_096)
}

t.test('a cursor of any form gives a stream with a gap, over both transports', async (t) => {
  const { url } = await startApp(t)
  for (const [name, after] of Object.entries(cursors)) {
    const query = `groups=public:lobby&after=${encodeURIComponent(after)}`
    for (const { messages } of [await openStream(t, `${url}/realtime/sse?${query}`), await openSocket(t, `${url}/realtime/ws?${query}`)]) {
      t.match(await messages.until(({ data }) => (data as { group?: unknown }).group === 'public:lobby'), {
        event: 'realtime:gap', data: { group: 'public:lobby', reason: /^(?:malformed|generation|ahead)$/ }
      }, name)
    }
  }
})

t.test('a Last-Event-ID of any bytes gives a stream with a gap', async (t) => {
  const { port } = await startApp(t)
  for (const id of [...Object.values(cursors).filter((text) => !/[\r\n]/.test(text)), '\xff\xfe', '\xe9', '\t']) {
    const client = await rawClient(t, port, Buffer.from(requestText('/realtime/sse?groups=public:lobby', ['host: localhost', `last-event-id: ${id}`]), 'latin1'))
    const text = await client.until('"event":"realtime:gap","data":{"group":"public:lobby"')
    t.match(text, /^HTTP\/1\.1 200 /)
    client.socket.destroy()
  }
})

t.test('an in-band cursor of any form joins with a gap', async (t) => {
  const { url } = await startApp(t, { realtime: { limits: { messagesPerSecond: 1_000 } } })
  const { ws, messages, replies } = await openSocket(t, `${url}/realtime/ws`)
  let ref = 0
  for (const after of [...Object.values(cursors), '\0', '\ud800', 'a'.repeat(60_000)]) {
    const group = `public:${++ref}`
    ws.send(JSON.stringify({ ref, type: 'subscribe', group, after }))
    t.match(await replies.until((reply) => reply.ref === ref), { ok: true })
    const about = ({ data }: Message): boolean => (data as { group?: string }).group === group
    await messages.until((message) => message.event === 'realtime:joined' && about(message))
    t.same(messages.all.filter(about).map(({ event }) => event), ['realtime:gap', 'realtime:joined'])
  }
})

/** Asks for a stream in so many words, and returns the status once the head is in. */
async function statusOf (t: Test, { port }: App, target: string, headers: string[] = []): Promise<number> {
  const client = await rawClient(t, port, Buffer.from(requestText(target, ['host: localhost', ...headers]), 'latin1'))
  const text = await client.until('\r\n\r\n')
  client.socket.destroy()
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1])
}

const latin1 = fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).filter((code) => code !== 0x7f).map((code) => String.fromCharCode(code)), maxLength: 60 })
const encoded = fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => !/\p{Surrogate}/u.test(text)).map(encodeURIComponent)
const parameter = fc.tuple(fc.constantFrom('groups', 'after', 'for', 'origin', 'partial', 'x'), fc.oneof(encoded, latin1.map((text) => text.replaceAll('#', ''))))

t.test('any query is answered by a stream or by a refusal of form', async (t) => {
  const started = await startApp(t)
  const ask = await bystanders(t, started)
  await t.resolves(fc.assert(fc.asyncProperty(fc.array(parameter, { maxLength: 5 }), async (parameters) => {
    const query = parameters.map(([name, value]) => `${name}=${value}`).join('&')
    return [200, 400, 403].includes(await statusOf(t, started, `/realtime/sse?${query}`))
  }), { numRuns: 150 }))
  await t.resolves(fc.assert(fc.asyncProperty(latin1, async (query) => [200, 400, 403].includes(await statusOf(t, started, `/realtime/sse?${query.replaceAll('#', '')}`))), { numRuns: 100 }))
  t.same(await ask(), [1, 1])
})

t.test('any cursor, in the query or as Last-Event-ID, is answered by a stream', async (t) => {
  const started = await startApp(t)
  const ask = await bystanders(t, started)
  await t.resolves(fc.assert(fc.asyncProperty(encoded, latin1, async (after, id) =>
    await statusOf(t, started, `/realtime/sse?after=${after}`) === 200 &&
    await statusOf(t, started, '/realtime/sse', [`last-event-id: ${id}`]) === 200
  ), { numRuns: 100 }))
  t.same(await ask(), [1, 1])
})

t.test('any JSON as a command is answered with a code', async (t) => {
  const started = await startApp(t, { realtime: { limits: { messagesPerSecond: 100_000 } } })
  const ask = await bystanders(t, started)
  const { ws, replies } = await openSocket(t, `${started.url}/realtime/ws`)
  const command = fc.record({
    ref: fc.oneof(fc.nat(), fc.jsonValue()),
    type: fc.oneof(fc.constantFrom('subscribe', 'unsubscribe', 'send', 'renew'), fc.string()),
    group: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
    event: fc.oneof(fc.string(), fc.jsonValue()),
    after: fc.oneof(fc.string(), fc.jsonValue()),
    where: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
    data: fc.jsonValue(),
    token: fc.string(),
    view: fc.oneof(fc.string(), fc.constant(null))
  }, { requiredKeys: ['ref', 'type'] })
  await t.resolves(fc.assert(fc.asyncProperty(fc.oneof(command, fc.jsonValue()), async (value) => {
    const count = replies.all.length
    ws.send(JSON.stringify(value))
    ws.send('{"ref":0,"type":"ping"}')
    await replies.until(() => replies.all.length === count + 2)
    return replies.all.slice(count).every(({ ok, error }) => ok || /^FST_REALTIME_(?!HOOK_FAILED)/.test(error!.code))
  }), { numRuns: 300 }))
  t.same(await ask(), [1, 1])
})
