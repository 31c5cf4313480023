import { eq } from 'drizzle-orm'
import * as tables from './schema.js'

/** Changes of a repository's labels, carried over to the issues that wear them. */
export function labelChanges (db, labels, issues) {
  async function relabel (repositoryId, name, replacement) {
    const rows = await db.select().from(tables.issues).where(eq(tables.issues.repositoryId, repositoryId))
    for (const row of rows.filter((row) => row.labels.some((label) => label.name === name))) {
      const chips = row.labels.flatMap((label) => label.name === name ? replacement : [label])
      await issues.save({ id: row.id, labels: chips })
    }
  }

  return {
    /** @param {string} [formerName] what the label was called before, if it was renamed */
    async saveLabel (row, formerName = row.name) {
      await labels.save(row)
      await relabel(row.repositoryId, formerName, [{ name: row.name, color: row.color }])
    },

    async removeLabel (row) {
      await labels.remove(eq(tables.labels.id, row.id))
      await relabel(row.repositoryId, row.name, [])
    },
  }
}
