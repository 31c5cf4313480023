import { channel } from 'node:diagnostics_channel'

/** What can be observed from outside through `node:diagnostics_channel`; docs/api.md has the payloads. */
export const channels = {
  publish: channel('fastify-realtime:publish'),
  connect: channel('fastify-realtime:connect'),
  disconnect: channel('fastify-realtime:disconnect'),
  join: channel('fastify-realtime:join'),
  leave: channel('fastify-realtime:leave'),
  refuse: channel('fastify-realtime:refuse')
}
