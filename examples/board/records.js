import { isDeepStrictEqual } from 'node:util'
import { and, eq, notInArray, sql } from 'drizzle-orm'

/**
 * The rows of one table and the model that announces them: every change goes
 * to the database first and then to the pages. Call these inside `write`.
 *
 * `options` are those of a model emit, for example `{ except: request }`.
 */
export function records (db, table, model) {
  const announceDeleted = (rows, options) => {
    for (const row of rows) model().deleted(row, options)
    return rows
  }

  return {
    find: async (id) => (await db.select().from(table).where(eq(table.id, id)))[0],

    /** Creates the row, or updates the columns that are given and differ; returns it whole. */
    async save (row, options) {
      const [previous] = await db.select().from(table).where(eq(table.id, row.id))
      if (previous === undefined) {
        const [created] = await db.insert(table).values(row).returning()
        model().created(created, options)
        return created
      }
      if (!differs(row, previous)) return previous
      const values = table.revision ? { ...row, revision: sql`${table.revision} + 1` } : row
      const [updated] = await db.update(table).set(values).where(eq(table.id, row.id)).returning()
      model().updated(updated, previous, options)
      return updated
    },

    async remove (where, options) {
      return announceDeleted(await db.delete(table).where(where).returning(), options)
    },

    /** Deletes all but the newest `count` rows, by `column`, of those that match `where`. */
    async keepNewest (count, column, where) {
      const kept = db.select({ id: table.id }).from(table).where(where).orderBy(sql`${column} desc, rowid desc`).limit(count)
      return announceDeleted(await db.delete(table).where(and(where, notInArray(table.id, kept))).returning())
    },
  }
}

function differs (row, previous) {
  return Object.entries(row).some(([column, value]) => value !== undefined && !isDeepStrictEqual(value, previous[column]))
}
