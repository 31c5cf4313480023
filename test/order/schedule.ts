import fc from 'fast-check'
import type { WireFormat } from '../../types/wire.ts'

const GROUPS = ['a', 'b', 'c', 'd'] as const
const USERS = ['u', 'v'] as const
const TAGS = ['tab1', 'tab2'] as const

/** One message of a turn. */
export interface Sent {
  readonly group: string
  readonly volatile: boolean
  readonly origin: string | undefined
}

/** What happens next; `who` names a connection by its place among those that came so far. */
export type Step =
  | { does: 'publish', messages: readonly Sent[] }
  | { does: 'connect', format: WireFormat, user: string | null, groups: readonly string[], origin: string | undefined, after: string | undefined }
  | { does: 'address' | 'disconnect' | 'close' | 'stall', who: number }
  | { does: 'join', who: number, group: string, by: 'client' | 'server', after: string | undefined }
  | { does: 'leave', who: number, group: string }
  | { does: 'revoke', group: string }
  | { does: 'read', who: number, count: number }
  | { does: 'beat' }
  | { does: 'turn' }

/** A run: how the hub is set up, what happens, and where each client is cut in the end. */
export interface Schedule {
  /** Connections written to before other work gets a turn. */
  readonly slice: number | undefined
  readonly steps: readonly Step[]
  /** In parts of what was written to a client. */
  readonly cuts: readonly number[]
}

const group = fc.constantFrom(...GROUPS)
const who = fc.nat(9_999)
const after = fc.option(fc.constantFrom('7-0', '7-3', '7-999', '6-1', 'nonsense'), { nil: undefined, freq: 4 })
const origin = fc.option(fc.constantFrom(...TAGS), { nil: undefined, freq: 2 })

const sent: fc.Arbitrary<Sent> = fc.record({
  group: fc.oneof({ weight: 6, arbitrary: group as fc.Arbitrary<string> }, { weight: 1, arbitrary: fc.constantFrom('@all', '@user:u', '@user:v') }),
  volatile: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  origin
})

const connect: fc.Arbitrary<Step> = fc.record({
  does: fc.constant('connect' as const),
  format: fc.constantFrom<WireFormat[]>('event', 'event-chunked', 'websocket', 'data', 'data-chunked'),
  user: fc.option(fc.constantFrom(...USERS), { nil: null }),
  groups: fc.subarray([...GROUPS]),
  origin,
  after
})

const publish: fc.Arbitrary<Step> = fc.record({ does: fc.constant('publish' as const), messages: fc.array(sent, { minLength: 1, maxLength: 6 }) })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: publish },
  { weight: 8, arbitrary: fc.constant<Step>({ does: 'turn' }) },
  { weight: 3, arbitrary: connect },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('join' as const), who, group, by: fc.constantFrom('client' as const, 'server' as const), after }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('leave' as const), who, group }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('stall' as const), who }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('read' as const), who, count: fc.integer({ min: 1, max: 1_500 }) }) },
  { weight: 2, arbitrary: fc.constant<Step>({ does: 'beat' }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('address' as const, 'disconnect' as const, 'close' as const), who }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('revoke' as const), group }) }
)

const steps = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' })
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 })

/** Any run that begins with a few connections, and a hub whose fan-out is cut into small slices. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  slice: fc.integer({ min: 1, max: 4 }),
  steps: fc.tuple(fc.array(connect, { minLength: 2, maxLength: 5 }), steps).map((parts) => parts.flat()),
  cuts
})

/** Any run that begins with `count` connections, and a hub as it is by default. */
export function crowds (count: number): fc.Arbitrary<Schedule> {
  return fc.record({
    slice: fc.constant(undefined),
    steps: fc.tuple(fc.array(connect, { minLength: count, maxLength: count }), steps).map((parts) => parts.flat()),
    cuts
  })
}
