import { randomUUID } from 'node:crypto'
import fp from 'fastify-plugin'
import websocket from '@fastify/websocket'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifySchema } from 'fastify'
import type { Counters } from '../types/metrics.ts'
import type { RealtimeOptions } from '../types/options.ts'
import type { StreamOptions } from '../types/realtime.ts'
import { MemoryBackplane } from './backplane/memory.ts'
import { Backlog } from './connection/backlog.ts'
import type { Connection } from './connection/connection.ts'
import type { Context } from './connection/context.ts'
import { Goodbyes } from './connection/goodbyes.ts'
import { ConnectionHandle, type SendTo } from './connection/handle.ts'
import { Heartbeat } from './connection/heartbeat.ts'
import { gone } from './connection/life.ts'
import { Observers } from './connection/observers.ts'
import { Policy } from './connection/policy.ts'
import { Registry } from './connection/registry.ts'
import { recheckEvery } from './connection/revoking.ts'
import { Revocations } from './connection/revocations.ts'
import { receive, receiveUnreadable } from './connection/session.ts'
import { shutDown } from './connection/shutdown.ts'
import { errors } from './errors.ts'
import { addCorsHeaders, addVary } from './http/cors.ts'
import { Handshakes } from './http/handshake.ts'
import { InFlight } from './http/in-flight.ts'
import { checkOrigin } from './http/origin.ts'
import { streamOn, type OwnRoutes } from './http/own-routes.ts'
import { redactingSerializer } from './http/redact.ts'
import { addRoutes } from './http/scope.ts'
import { Upgrades } from './http/upgrades.ts'
import { Hub } from './hub/hub.ts'
import { Models } from './models/models.ts'
import { readOptions, type Settings } from './options.ts'
import { newCounters } from './protocol/counters.ts'
import { Message } from './protocol/message.ts'
import { ONE_CONNECTION } from './protocol/names.ts'
import { originOf, Publisher } from './publisher.ts'
import { RealtimeHandle } from './realtime.ts'
import { openSse } from './transport/sse.ts'
import { WebSocketTransport } from './transport/websocket.ts'

/** Registers realtime on an instance: routes under `prefix`, and the decorator on the instance and its replies. */
async function realtime (app: FastifyInstance, options: RealtimeOptions): Promise<void> {
  const settings = readOptions(options)
  const { decorator, limits } = settings
  if (app.hasDecorator(decorator)) {
    throw new errors.InvalidOption('decorator', `"${decorator}"`, 'a name that is not taken; a second registration needs its own decorator and prefix')
  }
  const log = app.log
  const counters = newCounters()
  const backplane = new MemoryBackplane()
  const hub = new Hub(backplane.position)
  await backplane.start((draft, id) => { hub.receive(new Message(draft, id)) })
  const publisher = new Publisher({ backplane, maxEventBytes: limits.maxEventBytes, counters, log })
  const models = new Models({
    exposures: settings.models,
    publisher: { publish: (compose) => publisher.publish(compose), encode: (data, replacer) => publisher.encode(data, replacer), originOf },
    counters,
    log
  })

  const sendTo = async (connection: Connection, event: string, data: unknown): Promise<void> => {
    const [draft] = publisher.compose([ONE_CONNECTION], event, data, { volatile: true })
    if (connection.state !== 'open' || connection.behind) throw new errors.NotFound(connection.id)
    const { passedBy } = connection
    hub.receiveFor(connection, new Message(draft!, null))
    await hub.boundary()
    if (connection.state !== 'open' || connection.passedBy !== passedBy) throw new errors.NotFound(connection.id)
  }

  const guardedSendTo: SendTo = (connection, event, data) => publisher.guard(async () => { await sendTo(connection, event, data) })
  const context = newContext(settings, { hub, counters, log, sendTo: guardedSendTo })
  const inFlight = new InFlight()
  inFlight.follow(app)
  let isClosing = false
  const own = newRoutes(settings, context, inFlight, () => isClosing)

  app.decorate(decorator, new RealtimeHandle({
    hub, context, publisher, models, own, sendTo, isHealthy: () => backplane.healthy && !isClosing
  }))
  app.decorateReply(decorator, function (this: FastifyReply, streamOptions: StreamOptions = {}) {
    return streamOn(own, this, streamOptions)
  })

  const upgrades = new Upgrades(app.server)
  await app.register(async (scope) => {
    if (!scope.hasDecorator('websocketServer')) {
      await upgrades.during(() => scope.register(websocket, { preClose: (done) => { done() }, errorHandler: (_error, socket) => { socket.terminate() }, options: webSocketOptions(settings) }))
    }
    addRoutes(scope, own)
  }, { prefix: settings.prefix, logSerializers: { req: redactingSerializer(requestSerializer(app)) as (request: unknown) => string } })

  const rechecks = settings.recheckInterval === 0
    ? undefined
    : recheckEvery(context, settings.recheckInterval)
  app.addHook('onReady', async () => {
    upgrades.comeLast()
    context.heartbeat.start()
  })
  app.addHook('preClose', async () => {
    isClosing = true
    await shutDown(context, settings, async (timeout) => { await inFlight.settled(timeout) })
  })
  app.addHook('onClose', async () => {
    clearInterval(rechecks)
    context.heartbeat.stop()
    upgrades.remove()
    publisher.close()
    hub.close()
    await backplane.close()
  })
}

function newContext (settings: Settings, parts: {
  hub: Hub
  counters: Counters
  log: FastifyBaseLogger
  sendTo: SendTo
}): Context {
  const { limits, heartbeat, drainTimeout } = settings
  const { hub, counters, log, sendTo } = parts
  const backlog = new Backlog(limits.maxLag, counters)
  const context: Context = {
    node: randomUUID(),
    groups: hub,
    registry: new Registry(limits),
    heartbeat: new Heartbeat(heartbeat, hub, [(now) => { backlog.sweep(now) }]),
    backlog,
    goodbyes: new Goodbyes(drainTimeout),
    observers: new Observers(log, counters),
    policy: new Policy({ identify: settings.identify, canJoin: settings.canJoin, timeout: limits.hookTimeout, log, counters }),
    revocations: new Revocations(),
    counters,
    limits,
    log,
    handle: (connection) => new ConnectionHandle(connection, sendTo),
    gone: (connection, wasOpen) => { gone(context, connection, wasOpen) },
    received: (connection, text) => { receive(context, connection, text) },
    unreadable: (connection, what) => { receiveUnreadable(context, connection, what) }
  }
  return context
}

function newRoutes (settings: Settings, context: Context, inFlight: InFlight, isClosing: () => boolean): OwnRoutes {
  const rule = { origins: settings.origins, loopback: process.env['NODE_ENV'] === 'development' }
  return {
    context,
    guards: {
      origin: (request, reply, isScript = false) => {
        addVary(reply, 'Origin')
        addCorsHeaders(reply, checkOrigin(request, rule, isScript))
      },
      checkOrigin: (request) => { checkOrigin(request, rule, false) },
      preHandler: settings.preHandler,
      handshakes: new Handshakes(context, isClosing),
      hidden: { hide: true } as FastifySchema
    },
    openStream: (request, reply, format) => {
      inFlight.release(reply.raw)
      return openSse(request, reply, format)
    },
    openSocket: (socket) => new WebSocketTransport(socket, settings.limits)
  }
}

/** Compression stays off: it costs memory and keeps frames from being shared. Fragments are few in honest messages of this size. */
function webSocketOptions ({ limits, drainTimeout }: Settings): Record<string, unknown> {
  return {
    maxPayload: limits.maxMessageBytes,
    perMessageDeflate: false,
    maxFragments: 64,
    maxBufferedChunks: 1_024,
    closeTimeout: Math.max(1, drainTimeout)
  }
}

/** The serialiser for requests that the app's logger has, or one that shows the same as Fastify's own. */
function requestSerializer (app: FastifyInstance): (request: unknown) => unknown {
  const serializers = (app.log as unknown as Record<symbol, Record<string, (request: unknown) => unknown> | undefined>)[Symbol.for('pino.serializers')]
  return serializers?.['req'] ?? ((request) => {
    const { method, url, host, ip } = request as { method: string, url: string, host: string, ip: string }
    return { method, url, host, remoteAddress: ip }
  })
}

export default fp(realtime, { fastify: '5.x', name: 'fastify-realtime' })
