import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/libsql'
import { migrate } from 'drizzle-orm/libsql/migrator'
import { fileURLToPath } from 'node:url'

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))

/**
 * Opens the database file, creating it and its tables where they are missing.
 *
 * `write` runs one callback at a time, in the order of the calls: SQLite has a
 * single writer anyway, and a row that is read before it is written stays what
 * it was until the pages have been told.
 *
 * @param {string} file path of the database file; its directory must exist
 */
export async function openDatabase (file) {
  const client = createClient({ url: `file:${file}` })
  await client.executeMultiple('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  const db = drizzle(client)
  await migrate(db, { migrationsFolder })

  let last = Promise.resolve()
  const write = (callback) => {
    const result = last.then(callback)
    last = result.catch(() => {})
    return result
  }
  const close = async () => {
    await last
    client.close()
  }
  return { db, write, close }
}
