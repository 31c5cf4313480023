import t from 'tap'
import { createConsumer } from './consumer.ts'

const consumer = await createConsumer()
t.teardown(() => consumer.remove())

t.test('the tarball holds what is needed to use the package, and nothing else', async (t) => {
  const needed = [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/browser/client.js',
    'dist/browser/worker.js',
    'dist/lib/client/index.d.ts',
    'dist/lib/client/index.js',
    'dist/lib/index.d.ts',
    'dist/lib/index.js',
    'package.json'
  ]
  t.same(needed.filter((path) => !consumer.files.includes(path)), [], 'none is missing')

  const kinds = /^dist\/(lib|types)\/.*(?<!\.tst|\.test)\.(js|d\.ts)$|^dist\/browser\/[\w-]+\.js$/
  t.same(consumer.files.filter((path) => !needed.includes(path) && !kinds.test(path)), [], 'none is foreign')
})

t.test('every export is in the tarball', async (t) => {
  const targets = Object.values(consumer.manifest.exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target))
  t.not(targets.length, 0)
  t.same(targets.filter((target) => !consumer.files.includes(target.replace('./', ''))), [])
})

t.test('an ES module imports it', async (t) => {
  consumer.write('import.mjs', `
    import assert from 'node:assert/strict'
    import Fastify from 'fastify'
    import realtime, { fastifyRealtime, realtimeOf, redactUrl } from 'fastify-realtime'
    import { connect } from 'fastify-realtime/client'

    assert.equal(fastifyRealtime, realtime)
    assert.equal(typeof redactUrl, 'function')
    assert.equal(typeof connect, 'function')
    assert.match(import.meta.resolve('fastify-realtime/client.js'), /dist\\/browser\\/client\\.js$/)
    assert.match(import.meta.resolve('fastify-realtime/worker.js'), /dist\\/browser\\/worker\\.js$/)

    const app = Fastify()
    await app.register(realtime)
    await app.ready()
    assert.equal(realtimeOf(app).installed, true)
    await app.close()
  `)
  t.equal(await consumer.run('import.mjs'), '')
})

t.test('a CommonJS module requires it', async (t) => {
  consumer.write('require.cjs', `
    const assert = require('node:assert/strict')
    const Fastify = require('fastify')
    const realtime = require('fastify-realtime')
    const { fastifyRealtime, realtimeOf, redactUrl } = realtime
    const { connect } = require('fastify-realtime/client')

    assert.equal(fastifyRealtime, realtime.default)
    assert.equal(typeof redactUrl, 'function')
    assert.equal(typeof connect, 'function')

    const app = Fastify()
    app.register(realtime)
    app.ready().then(() => {
      assert.equal(realtimeOf(app).installed, true)
      return app.close()
    })
  `)
  t.equal(await consumer.run('require.cjs'), '')
})

t.test('TypeScript compiles against it, as an ES module and as CommonJS', async (t) => {
  consumer.write('import.mts', `
    import Fastify from 'fastify'
    import realtime, { fastifyRealtime, realtimeOf, redactUrl } from 'fastify-realtime'
    import { connect } from 'fastify-realtime/client'

    const app = Fastify()
    await app.register(realtime, { prefix: '/live' })
    await app.register(fastifyRealtime)
    await app.realtime.toGroup('public:lobby').send('message', { text: 'hello' })
    export const results: [boolean, string] = [realtimeOf(app).installed, redactUrl('/realtime/sse?ticket=1')]
    export const client = connect
  `)
  consumer.write('require.cts', `
    import Fastify = require('fastify')
    import realtime = require('fastify-realtime')
    import { realtimeOf, redactUrl } from 'fastify-realtime'
    import { connect } from 'fastify-realtime/client'

    const app = Fastify.default()
    app.register(realtime.default, { prefix: '/live' })
    app.register(realtime.fastifyRealtime)
    void app.realtime.toGroup('public:lobby').send('message', { text: 'hello' })
    export const results: [boolean, string] = [realtimeOf(app).installed, redactUrl('/realtime/sse?ticket=1')]
    export const client = connect
  `)
  t.equal(await consumer.check('import.mts', 'require.cts'), '')
})

t.test('TypeScript refuses what the package does not have', async (t) => {
  consumer.write('wrong.mts', "import { nothing } from 'fastify-realtime'\nexport const x = nothing\n")
  t.match(await consumer.check('wrong.mts'), /no exported member 'nothing'/)
})
