import t from 'tap'
import realtime, { type RealtimeOptions } from '../../lib/index.ts'
import { createApp } from './server.ts'

const MILLISECONDS = 'whole milliseconds, at least'
const ORIGINS = 'an array of origins such as https://www.example.com'
const GROUP = 'a group name, an array of them, or a function of the row'
const EXPOSURE = 'an exposure takes group, fields, key, actions, eventNames, stable, updates'

/** Each wrong option: how the error names it, its value, and what is allowed. */
const wrong: Array<[options: Record<string, unknown>, name: string, value: string, allowed: string]> = [
  [{ prefix: 'realtime' }, 'prefix', '"realtime"', 'a path such as /realtime'],
  [{ prefix: '/realtime/' }, 'prefix', '"/realtime/"', 'a path such as /realtime'],
  [{ prefix: '' }, 'prefix', '""', 'a path such as /realtime'],
  [{ prefix: '/:tenant' }, 'prefix', '"/:tenant"', 'a path such as /realtime'],
  [{ decorator: '' }, 'decorator', '""', 'an identifier'],
  [{ decorator: 'a-b' }, 'decorator', '"a-b"', 'an identifier'],
  [{ decorator: 7 }, 'decorator', '7', 'an identifier'],
  [{ preHandler: 'authenticate' }, 'preHandler', '"authenticate"', 'a hook, or an array of hooks'],
  [{ preHandler: [() => {}, null] }, 'preHandler', '[null,null]', 'a hook, or an array of hooks'],
  [{ identify: 'user' }, 'identify', '"user"', 'a function'],
  [{ identify: null }, 'identify', 'null', 'a function'],
  [{ canJoin: true }, 'canJoin', 'true', 'a function'],
  [{ recheckInterval: -1 }, 'recheckInterval', '-1', `${MILLISECONDS} 0`],
  [{ recheckInterval: 2 ** 31 }, 'recheckInterval', '2147483648', `${MILLISECONDS} 0`],
  [{ origins: 'https://a.example' }, 'origins', '"https://a.example"', ORIGINS],
  [{ origins: ['a.example'] }, 'origins.0', '"a.example"', ORIGINS],
  [{ origins: ['https://a.example/'] }, 'origins.0', '"https://a.example/"', ORIGINS],
  [{ origins: ['*'] }, 'origins.0', '"*"', ORIGINS],
  [{ origins: ['https://*.example'] }, 'origins.0', '"https://*.example"', ORIGINS],
  [{ origins: ['https://a.example', 'null'] }, 'origins.1', '"null"', ORIGINS],
  [{ heartbeat: 0 }, 'heartbeat', '0', `${MILLISECONDS} 10`],
  [{ heartbeat: '15s' }, 'heartbeat', '"15s"', `${MILLISECONDS} 10`],
  [{ heartbeat: NaN }, 'heartbeat', 'null', `${MILLISECONDS} 10`],
  [{ drainTimeout: -1 }, 'drainTimeout', '-1', `${MILLISECONDS} 0`],
  [{ reconnectSpread: 1.5 }, 'reconnectSpread', '1.5', `${MILLISECONDS} 0`],
  [{ limits: 5 }, 'limits', '5', 'an object of maxConnections, maxConnectionsPerUser, maxConnectionsPerAddress, maxGroupsPerConnection, maxMessageBytes, maxEventBytes, messagesPerSecond, maxBufferedBytes, maxLag, hookTimeout, handshakeTimeout'],
  [{ limits: { maxConnections: 0 } }, 'limits.maxConnections', '0', 'a whole number of at least 1'],
  [{ limits: { maxConnectionsPerAddress: -1 } }, 'limits.maxConnectionsPerAddress', '-1', 'a whole number of at least 0'],
  [{ limits: { maxLag: Infinity } }, 'limits.maxLag', 'null', `${MILLISECONDS} 1`],
  [{ limits: { hookTimeout: 0 } }, 'limits.hookTimeout', '0', `${MILLISECONDS} 1`],
  [{ models: [] }, 'models', '[]', 'exposures by model name'],
  [{ models: { post: 'posts' } }, 'models.post', '"posts"', 'an exposure is an object with a group'],
  [{ models: { post: null } }, 'models.post', 'null', 'an exposure is an object with a group'],
  [{ models: { post: {} } }, 'models.post.group', 'undefined', GROUP],
  [{ models: { post: { group: '@all' } } }, 'models.post.group', '"@all"', GROUP],
  [{ models: { post: { group: [] } } }, 'models.post.group', '[]', GROUP],
  [{ models: { post: [{ group: 'a' }, { group: 'b c' }] } }, 'models.post[1].group', '"b c"', GROUP],
  [{ models: { post: { group: 'a', fields: 'title' } } }, 'models.post.fields', '"title"', 'an array of column names, or "all"'],
  [{ models: { post: { group: 'a', fields: [1] } } }, 'models.post.fields', '[1]', 'an array of column names, or "all"'],
  [{ models: { post: { group: 'a', key: '' } } }, 'models.post.key', '""', 'a column name'],
  [{ models: { post: { group: 'a', actions: ['removed'] } } }, 'models.post.actions', '["removed"]', 'an array of created, updated, deleted'],
  [{ models: { post: { group: 'a', eventNames: { created: 'gap' } } } }, 'models.post.eventNames.created', '"gap"', 'an event name that apps may send'],
  [{ models: { post: { group: 'a', eventNames: { moved: 'moved' } } } }, 'models.post.eventNames.moved', '"moved"', 'one of created, updated, deleted, invalidated'],
  [{ models: { post: { group: 'a', stable: 1 } } }, 'models.post.stable', '1', 'true or false'],
  [{ models: { post: { group: 'a', updates: 'never' } } }, 'models.post.updates', '"never"', '"always", or left out'],
  [{ models: { post: { group: 'a', column: 'b' } } }, 'models.post.column', '"b"', EXPOSURE]
]

for (const [options, name, value, allowed] of wrong) {
  t.test(`${name} is not ${value}`, async (t) => {
    const { app } = createApp(t)
    await t.rejects(async () => await app.register(realtime, options as RealtimeOptions), {
      code: 'FST_REALTIME_INVALID_OPTION',
      message: `option "${name}" is ${value}: ${allowed}`
    })
  })
}

const unknown: Array<[options: Record<string, unknown>, message: string]> = [
  [{ identifiy: () => 1 }, 'option "identifiy" is () => 1, which is no option: the options are prefix, decorator, preHandler, '],
  [{ presence: { groups: ['room:*'] } }, 'option "presence" is {"groups":["room:*"]}, which is no option: '],
  [{ messages: {} }, 'option "messages" is {}, which is no option: '],
  [{ backplane: 'redis' }, 'option "backplane" is "redis", which is no option: '],
  [{ limits: { maxTabs: 1 } }, 'option "limits.maxTabs" is 1, which is no option: an object of maxConnections, ']
]

for (const [options, message] of unknown) {
  t.test(`${message.split(':')[0]} stops the start`, async (t) => {
    const { app } = createApp(t)
    app.register(realtime, options as RealtimeOptions)
    const error = await app.listen({ host: '127.0.0.1', port: 0 }).catch((error: unknown) => error) as { code?: string, message: string }
    t.equal(error.code, 'FST_REALTIME_INVALID_OPTION')
    t.equal(error.message.slice(0, message.length), message)
    t.equal(app.server.listening, false)
  })
}

t.test('a wrong option leaves nothing behind', async (t) => {
  const { app } = createApp(t)
  await t.rejects(async () => await app.register(realtime, { heartbeat: 1 }))
  t.equal(app.hasDecorator('realtime'), false)
})

t.test('an option that is undefined counts as left out', async (t) => {
  const { app } = createApp(t)
  await app.register(realtime, { prefix: undefined, identify: undefined, limits: undefined, models: undefined } as unknown as RealtimeOptions)
  t.equal(app.hasRoute({ method: 'GET', url: '/realtime/sse' }), true)
})

t.test('so does a limit', async (t) => {
  const { app } = createApp(t)
  await app.register(realtime, { limits: { maxEventBytes: undefined } } as unknown as RealtimeOptions)
  await t.rejects(app.realtime.broadcast().send('large', 'x'.repeat(262_144)), { code: 'FST_REALTIME_TOO_LARGE' })
})

t.test('no option at all is fine', async (t) => {
  const { app } = createApp(t)
  await app.register(realtime)
  t.equal(app.realtime.installed, true)
})
