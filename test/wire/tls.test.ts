import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import realtime from '../../lib/index.ts'
import { openSocket } from './socket.ts'
import { openStream } from './stream.ts'

const folder = mkdtempSync(`${tmpdir()}/fastify-realtime-tls-`)
t.teardown(() => { rmSync(folder, { recursive: true }) })
execFileSync('openssl', [
  'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=localhost',
  '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', `${folder}/key.pem`, '-out', `${folder}/cert.pem`
], { stdio: 'ignore' })
const key = readFileSync(`${folder}/key.pem`)
const cert = readFileSync(`${folder}/cert.pem`)

const servers = {
  https: () => Fastify({ https: { key, cert } }) as unknown as FastifyInstance,
  'HTTP/2 that allows HTTP/1.1': () => Fastify({ http2: true, https: { key, cert, allowHTTP1: true } }) as unknown as FastifyInstance
}

for (const [name, create] of Object.entries(servers)) {
  const start = async (t: Test): Promise<{ app: FastifyInstance, url: string }> => {
    const app = create()
    t.teardown(() => app.close())
    await app.register(realtime)
    await app.listen({ host: '127.0.0.1', port: 0 })
    return { app, url: `https://127.0.0.1:${(app.server.address() as AddressInfo).port}` }
  }

  t.test(`a stream over TLS is live, and its end is complete (${name})`, async (t) => {
    const { app, url } = await start(t)
    const { response, messages, closed } = await openStream(t, `${url}/realtime/sse?groups=public:lobby`, { ca: cert })
    await app.realtime.toGroup('public:lobby').send('message', 'hello')
    await messages.until(({ data }) => data === 'hello')
    await app.close()
    await closed
    t.equal(response.complete, true)
  })

  t.test(`a WebSocket over TLS is live, and closed properly (${name})`, async (t) => {
    const { app, url } = await start(t)
    const { ws, messages, replies, closed } = await openSocket(t, `${url}/realtime/ws?groups=public:lobby`, { ca: cert, origin: url })
    await app.realtime.toGroup('public:lobby').send('message', 'hello')
    await messages.until(({ data }) => data === 'hello')
    ws.send('{"ref":1,"type":"ping"}')
    t.match(await replies.until(({ ref }) => ref === 1), { ok: true })
    await app.close()
    t.equal(await closed, 1012)
  })
}
