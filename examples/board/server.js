import { buildApp } from './app.js'
import { configuration } from './config.js'
import { startFeeder } from './feeder.js'

const { host, port, feedInterval, ...options } = await configuration(process.env)
const app = await buildApp(options)
const url = await listen()
const stopFeeder = startFeeder({ url, secret: options.webhookSecret, interval: feedInterval, log: app.log })

console.log(`The board is at ${url}`)

/** Where the usual port is taken and none was asked for, any free one will do. */
async function listen () {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    if (error.code !== 'EADDRINUSE' || process.env.PORT !== undefined) throw error
    return app.listen({ host, port: 0 })
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    stopFeeder()
    await app.close()
    process.exit()
  })
}
