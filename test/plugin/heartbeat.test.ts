import t from 'tap'
import { covers } from '../../lib/protocol/cursor.ts'
import { connect, kinds } from './client.ts'
import { sendRaw, streamRequest } from './raw-client.ts'
import { serve } from './server.ts'

for (const kind of kinds) {
  t.test(`over ${kind}`, async (t) => {
    t.test('ticks carry the cursor reached, also past what others got', async (t) => {
      const { app, url } = await serve(t, { heartbeat: 20 })
      const client = await connect(t, kind, url, { groups: ['public:a'] })
      const first = await client.until('realtime:tick')
      t.strictSame(first, { id: first.id, event: 'realtime:tick', data: {} })
      const { id } = await app.realtime.toGroup('public:b').send('elsewhere', {})
      const later = await client.until((message) => message.event === 'realtime:tick' && covers(message.id!, id!))
      t.equal(later.id, id)
      t.equal(client.received.find(({ message }) => message === later)?.id, id)
    })

    t.test('realtime:open says how often they come', async (t) => {
      const { url } = await serve(t, { heartbeat: 12_345 })
      const client = await connect(t, kind, url)
      t.equal(client.of('realtime:open')[0]?.data.heartbeat, 12_345)
    })
  })
}

t.test('over SSE a tick comes behind a comment', async (t) => {
  const { url } = await serve(t, { heartbeat: 10 })
  const client = sendRaw(t, url, streamRequest('', '1.0'))
  await client.until('realtime:tick","data":{}}\n\n')
  t.match(client.text, /\n\n:keepalive\n\nid: \d+-\d+\nevent: realtime:tick\ndata: {"id":"\d+-\d+","event":"realtime:tick","data":{}}\n\n/)
})

t.test('no tick overtakes a message that its cursor covers', async (t) => {
  const { app, url } = await serve(t, { heartbeat: 10 })
  const client = await connect(t, 'ws', url, { groups: ['public:a'] })
  for (let n = 0; n < 2_000; n++) {
    app.realtime.toGroup('public:a').send('n', n)
    if (n % 20 === 0) await new Promise(setImmediate)
  }
  await app.realtime.toGroup('public:a').send('done', {})
  await client.until('done')
  await client.until('realtime:tick')
  let last = client.messages[0]!.id!
  const backwards = client.messages.slice(1).filter(({ id }) => {
    const isForward = covers(id!, last)
    last = id!
    return !isForward
  })
  t.strictSame(backwards, [])
})
