import { describe, expect, test } from 'tstyche'
import { connect, type Gap, type Left, type Opened, type Meta, type Realtime, type RealtimeError, type Status } from '../lib/client/index.ts'

interface Events {
  'chat:message': { from: string, text: string }
  tick: number
}

interface Models {
  post: { id: number, title: string }
}

const untyped = connect()
const typed = connect<Events, Models>()

describe('without maps', () => {
  test('any event has unknown data, which a handler may name', () => {
    untyped.subscribe('a', { anything: (data) => { expect(data).type.toBe<unknown>() } })
    expect(untyped.subscribe).type.toBeCallableWith('a', { anything: (data: { text: string }) => data.text })
  })

  test('any model has unknown rows, which a handler may name', () => {
    untyped.model('post', { created: (row) => { expect(row).type.toBe<unknown>() } }, { group: 'a' })
    expect(untyped.model).type.toBeCallableWith('post', { deleted: (row: { id: number }) => row.id }, { group: 'a' })
  })
})

describe('with an event map', () => {
  test('handlers get the data of their event, and the message without it', () => {
    typed.subscribe(['a', 'b'], {
      'chat:message' (data, meta) {
        expect(data).type.toBe<{ from: string, text: string }>()
        expect(meta).type.toBe<Meta>()
        expect(meta).type.not.toHaveProperty('data')
      },
      '*' (data) {
        expect(data).type.toBe<Events[keyof Events]>()
      }
    })
  })

  test('other events and other data are errors', () => {
    expect(typed.subscribe).type.not.toBeCallableWith('a', { chat: () => {} })
    expect(typed.subscribe).type.not.toBeCallableWith('a', { tick: (data: string) => data })
  })
})

describe('with a model map', () => {
  test('handlers get rows, and of a deleted one a part', () => {
    typed.model('post', {
      created: (row) => { expect(row).type.toBe<{ id: number, title: string }>() },
      updated: (row) => { expect(row).type.toBe<{ id: number, title: string }>() },
      deleted: (row) => { expect(row).type.toBe<{ id?: number, title?: string }>() }
    }, { group: 'a' })
  })

  test('other models are errors, and so is no group', () => {
    expect(typed.model).type.not.toBeCallableWith('tag', {}, { group: 'a' })
    expect(typed.model).type.not.toBeCallableWith('post', {})
    expect(typed.model).type.toBeCallableWith('post', {}, { group: ['a', 'b'] })
  })
})

test('open, gap and error have their own data, with or without a map', () => {
  for (const realtime of [untyped, typed as Realtime]) {
    realtime.subscribe('a', {
      gap: (gap) => { expect(gap).type.toBe<Gap>() },
      open: (opened) => { expect(opened).type.toBe<Opened>() },
      error: (left) => { expect(left).type.toBe<Left>() }
    })
  }
  typed.subscribe('a', { gap: ({ reason }) => { expect(reason).type.toBe<'expired' | 'generation' | 'ahead' | 'malformed' | 'identity'>() } })
})

test('a status is told apart by its state', () => {
  const status = {} as Status
  if (status.state === 'reconnecting') expect(status.nextRetryAt).type.toBe<number | null>()
  if (status.state === 'connected') expect(status.user).type.toBe<string | null>()
  if (status.state === 'closed') expect(status.reason).type.toBe<string>()
  expect(status).type.not.toHaveProperty('reason')
})

test('a reply has the type that is asked for', () => {
  expect(untyped.send('a', 'say')).type.toBe<Promise<unknown>>()
  expect(untyped.send<{ id: string }>('a', 'say')).type.toBe<Promise<{ id: string }>>()
})

test('options are all optional, and none is unknown', () => {
  expect(connect).type.toBeCallableWith()
  expect(connect).type.toBeCallableWith({ url: '/live', token: () => 't', headers: { a: 'b' }, credentials: 'include' })
  expect(connect).type.toBeCallableWith({ token: async ({ refresh }: { refresh: boolean }) => String(refresh), headers: async () => new Headers() })
  expect(connect).type.not.toBeCallableWith({ uri: '/live' })
})

test('an error has a code', () => {
  expect<RealtimeError>().type.toBeAssignableTo<Error & { code: string }>()
})

test('a subscription is disposable', () => {
  expect(untyped.subscribe('a', {})).type.toBeAssignableTo<Disposable>()
})
