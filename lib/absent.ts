import type { Metrics } from '../types/metrics.ts'
import type { Realtime } from '../types/realtime.ts'
import type { SendResult } from '../types/send.ts'
import { errors } from './errors.ts'
import { newCounters } from './protocol/counters.ts'
import { quoted } from './protocol/names.ts'

const NOTHING: SendResult = { id: null, ids: [] }
const send = async (): Promise<SendResult> => NOTHING
const target = { send }
const model = { created: send, updated: send, deleted: send, invalidated: send }
const remover = (): void => {}

/** Stands in where the plugin is not registered: nobody is connected, and sends go nowhere. */
export const absent: Realtime = {
  installed: false,
  healthy: false,
  connectionCount: 0,
  toGroup: () => target,
  toUser: () => target,
  toConnection: (id) => ({ send: () => notFound(id) }),
  broadcast: () => target,
  model: () => model,
  emit: send,
  onChange: () => remover,
  onConnect: () => remover,
  onDisconnect: () => remover,
  onJoin: () => remover,
  onLeave: () => remover,
  groupSize: () => 0,
  connections: async () => [],
  join: async (connection) => { throw new errors.NotFound(quoted(typeof connection === 'string' ? connection : connection.id)) },
  leave: async (connection) => { throw new errors.NotFound(quoted(typeof connection === 'string' ? connection : connection.id)) },
  revoke: async () => {},
  recheck: async () => {},
  listen: () => nothingToHear(),
  metrics: () => NO_METRICS,
  upgrade: async () => { throw new errors.Closed() }
}

/** Rejects; should nobody await it, that is all. */
function notFound (id: string): Promise<never> {
  const result = Promise.reject<never>(new errors.NotFound(quoted(id)))
  result.catch(() => {})
  return result
}

async function * nothingToHear (): AsyncIterableIterator<never> {}

const NO_METRICS: Metrics = {
  connections: 0,
  connectionsSse: 0,
  connectionsWebSocket: 0,
  groups: 0,
  connectionsBehind: 0,
  ...newCounters()
}
