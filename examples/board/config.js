import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * What the environment says, with defaults that need nothing: see README.md.
 * Secrets that it does not give are made once and kept beside the database, so
 * that a visitor is still signed in after a restart.
 */
export async function configuration (env) {
  const directory = env.DATA_DIR ?? fileURLToPath(new URL('./data', import.meta.url))
  await mkdir(directory, { recursive: true })
  const kept = await keptSecrets(join(directory, 'secrets.json'))
  return {
    host: env.HOST ?? '127.0.0.1',
    port: Number(env.PORT ?? 3000),
    feedInterval: Number(env.FEED_INTERVAL ?? 1000),
    webhookSecret: env.WEBHOOK_SECRET ?? kept.webhook,
    cookieSecret: env.COOKIE_SECRET ?? kept.cookie,
    database: join(directory, 'board.db'),
    logger: { level: env.LOG_LEVEL ?? 'warn' },
  }
}

async function keptSecrets (file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  const secrets = { cookie: randomBytes(32).toString('hex'), webhook: randomBytes(32).toString('hex') }
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600 })
  return secrets
}
