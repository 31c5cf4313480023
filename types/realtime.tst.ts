import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { describe, expect, test } from 'tstyche'
import realtime, {
  fastifyRealtime,
  realtimeOf,
  redactUrl,
  type Change,
  type ConnectionInfo,
  type Metrics,
  type Realtime,
  type RealtimeConnection,
  type RealtimeOptions,
  type SendResult,
  type WireMessage
} from '../lib/index.ts'

type Post = { id: number, title: string, room: string }

const app = Fastify()
const handle = app.realtime

describe('registering', () => {
  test('takes no options, or any of them', () => {
    expect(app.register).type.toBeCallableWith(realtime)
    expect(app.register).type.toBeCallableWith(fastifyRealtime, { prefix: '/live', limits: { maxConnections: 5 } })
  })

  test('an unknown option, or one of the wrong type, is an error', () => {
    expect<{ presence: object }>().type.not.toBeAssignableTo<RealtimeOptions>()
    expect<{ limits: { maxTabs: number } }>().type.not.toBeAssignableTo<RealtimeOptions>()
    expect<{ heartbeat: string }>().type.not.toBeAssignableTo<RealtimeOptions>()
    expect<{ canJoin: () => string }>().type.not.toBeAssignableTo<RealtimeOptions>()
    expect<{ identify: () => boolean }>().type.not.toBeAssignableTo<RealtimeOptions>()
    expect<{ models: { post: { fields: string[] } } }>().type.not.toBeAssignableTo<RealtimeOptions>()
  })

  test('hooks know what they are given', () => {
    const options: RealtimeOptions = {
      identify: (request) => {
        expect(request).type.toBe<FastifyRequest>()
        return { id: 1n, expiresAt: new Date(), data: { role: 'admin' } }
      },
      canJoin: async ({ user, group, data, request }) => {
        expect(user).type.toBe<string | null>()
        expect(group).type.toBe<string>()
        expect(data).type.toBe<unknown>()
        expect(request).type.toBe<FastifyRequest | undefined>()
        return true
      },
      preHandler: async (request, reply) => {
        expect(request).type.toBe<FastifyRequest>()
        expect(reply).type.toBe<FastifyReply>()
      }
    }
    expect(options).type.toBeAssignableTo<RealtimeOptions>()
  })

  test('a preHandler may be async, have a callback, or be several', () => {
    expect<(request: FastifyRequest, reply: FastifyReply) => Promise<void>>().type.toBeAssignableTo<NonNullable<RealtimeOptions['preHandler']>>()
    expect<(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void>().type.toBeAssignableTo<NonNullable<RealtimeOptions['preHandler']>>()
    expect<Array<(request: FastifyRequest) => Promise<FastifyReply>>>().type.toBeAssignableTo<NonNullable<RealtimeOptions['preHandler']>>()
    expect<string>().type.not.toBeAssignableTo<RealtimeOptions['preHandler']>()
  })

  test('an exposure computes groups of rows, of a type of the app\'s own too', () => {
    const options: RealtimeOptions = {
      models: {
        post: [{ group: (row) => `room:${row['room']}`, fields: ['title'] }, { group: (row: Post) => [row.room], stable: true }],
        user: { group: ['a', 'b'], fields: 'all', actions: ['deleted'], eventNames: { deleted: 'gone' }, updates: 'always' }
      }
    }
    expect(options).type.toBeAssignableTo<RealtimeOptions>()
    expect<{ models: { post: { group: () => number } } }>().type.not.toBeAssignableTo<RealtimeOptions>()
    expect<{ models: { post: { group: string, actions: Array<'invalidated'> } } }>().type.not.toBeAssignableTo<RealtimeOptions>()
  })
})

describe('the handle', () => {
  test('is on the instance, and found where it may not be', () => {
    expect(handle).type.toBe<Realtime>()
    expect(realtimeOf(app)).type.toBe<Realtime>()
    expect(realtimeOf(app, 'other')).type.toBe<Realtime>()
    expect(handle.installed).type.toBe<boolean>()
  })

  test('targets take one or many, users by any id', () => {
    expect(handle.toGroup).type.toBeCallableWith('a')
    expect(handle.toGroup).type.toBeCallableWith(['a', 'b'] as const)
    expect(handle.toGroup).type.not.toBeCallableWith(5)
    expect(handle.toUser).type.toBeCallableWith(5)
    expect(handle.toUser).type.toBeCallableWith([5n, 'a'])
    expect(handle.toUser).type.not.toBeCallableWith(null)
  })

  test('a send resolves with ids', () => {
    expect(handle.broadcast().send('a', {})).type.toBe<Promise<SendResult>>()
    expect<SendResult>().type.toBe<{ readonly id: string | null, readonly ids: ReadonlyArray<string | null> }>()
    expect(handle.broadcast().send).type.toBeCallableWith('a', {}, { volatile: true, except: {} as FastifyRequest })
    expect(handle.broadcast().send).type.toBeCallableWith('a', {}, { except: 'tab' })
    expect(handle.broadcast().send).type.not.toBeCallableWith('a', {}, { volatil: true })
    expect(handle.broadcast().send).type.not.toBeCallableWith('a')
    expect(handle.toConnection('a').send).type.not.toBeCallableWith('a', {}, { volatile: true })
  })

  test('a model may be told the type of its rows', () => {
    expect(handle.model<Post>('post').created).type.toBeCallableWith({ id: 1, title: 'a', room: 'b' })
    expect(handle.model<Post>('post').created).type.not.toBeCallableWith({ id: 1 })
    expect(handle.model('post').updated).type.toBeCallableWith({ id: 1 }, { id: 1 }, { except: 'tab' })
    expect(handle.model('post').invalidated).type.toBeCallableWith({ group: ['a'] })
    expect(handle.emit).type.toBeCallableWith({ model: 'post', action: 'created', row: { id: 1 }, actor: 5 })
    expect(handle.emit).type.not.toBeCallableWith({ model: 'post', action: 'removed', row: {} })
    handle.onChange<Post>('post', ({ row, previous, action }) => {
      expect(row.title).type.toBe<string>()
      expect(previous?.room).type.toBe<string | undefined>()
      expect(action).type.toBe<Change['action']>()
    })
  })

  test('observers are told of connections and return their remover', () => {
    expect(handle.onConnect((connection) => { expect(connection).type.toBe<RealtimeConnection>() })).type.toBe<() => void>()
    expect(handle.onJoin('room:*', (_connection, group) => { expect(group).type.toBe<string>() })).type.toBe<() => void>()
    expect(handle.onLeave((_connection, group) => { expect(group).type.toBe<string>() })).type.toBe<() => void>()
    expect(handle.onJoin).type.not.toBeCallableWith('room:*')
  })

  test('connections have no token', () => {
    expect<RealtimeConnection>().type.not.toHaveProperty('token')
    expect<ConnectionInfo>().type.not.toHaveProperty('token')
    expect(handle.connections({ user: 5, group: 'a' })).type.toBe<Promise<ConnectionInfo[]>>()
  })

  test('what is read is typed', () => {
    expect(handle.listen('a')).type.toBe<AsyncIterableIterator<WireMessage>>()
    expect(handle.metrics()).type.toBe<Metrics>()
    expect(handle.groupSize('a')).type.toBe<number>()
    expect(handle.healthy).type.toBe<boolean>()
  })

  test('revoking and rechecking name what they concern', () => {
    expect(handle.revoke).type.toBeCallableWith({ user: 5, group: 'a', connection: {} as RealtimeConnection })
    expect(handle.revoke).type.not.toBeCallableWith()
    expect(handle.revoke).type.not.toBeCallableWith({ groups: ['a'] })
    expect(handle.recheck).type.toBeCallableWith()
    expect(handle.recheck).type.not.toBeCallableWith({ connection: 'a' })
  })
})

test('a reply becomes a stream', () => {
  app.get('/own', async (_request, reply) => {
    expect(reply.realtime).type.toBeCallableWith()
    expect(reply.realtime).type.not.toBeCallableWith({ group: 'a' })
    expect(reply.realtime({ groups: ['a'], format: 'data', commands: true, after: 'x' })).type.toBe<Promise<RealtimeConnection>>()
  })
})

test('a WebSocket of the app\'s own becomes a connection', () => {
  app.get('/own', { websocket: true }, (socket, request) => {
    expect(handle.upgrade(socket, request, {
      groups: ['a'],
      onMessage: (text, connection) => {
        expect(text).type.toBe<string>()
        expect(connection).type.toBe<RealtimeConnection>()
      },
      onClose: (connection) => { expect(connection).type.toBe<RealtimeConnection>() }
    })).type.toBe<Promise<RealtimeConnection>>()
  })
})

test('a URL is redacted as text', () => {
  expect(redactUrl('/a')).type.toBe<string>()
})
