// A whole life of an app: it listens, has clients, does a bit of everything,
// closes, and must then end by itself. Its argument is `http1` or `http2`.
import { connect } from 'node:http2'
import Fastify, { type FastifyInstance } from 'fastify'
import { WebSocket } from 'ws'
import realtime from '../../lib/index.ts'

const isHttp2 = process.argv[2] === 'http2'
const app = Fastify({ http2: isHttp2 } as object) as unknown as FastifyInstance
await app.register(realtime, { recheckInterval: 60_000, identify: () => ({ id: 1, expiresAt: Date.now() + 60_000 }), models: { post: { group: 'public:a' } } })
await app.register(realtime, { decorator: 'second', prefix: '/second' })
const url = await app.listen({ host: '127.0.0.1', port: 0 })

if (isHttp2) {
  const stream = connect(url).request({ ':path': '/realtime/sse?groups=public:a' })
  await new Promise((resolve) => { stream.on('data', resolve) })
} else {
  const { body } = await fetch(`${url}/realtime/sse?groups=public:a`)
  const reader = body!.getReader()
  await reader.read()
  reader.closed.catch(() => {})
  const socket = new WebSocket(`${url.replace('http', 'ws')}/realtime/ws?groups=public:a`)
  await new Promise((resolve) => { socket.on('message', resolve) })
  await fetch(`${url}/realtime/sse?groups=private`)
}
const { realtime: handle } = app
handle.listen().next().catch(() => {})
await handle.model('post').created({ id: 1 })
await handle.recheck()
await app.close()
console.log(`closed with ${handle.connectionCount} connections`)
