import { and, count, eq } from 'drizzle-orm'
import createError from '@fastify/error'
import { members } from './schema.js'

const RoomFull = createError('BOARD_ROOM_FULL', 'This room has all the members it can hold', 409)

/** Who belongs to the private room of which repository. A room holds at most `capacity` members. */
export function memberships (db, realtime, capacity) {
  const isOf = (repositoryId, name) => and(eq(members.repositoryId, repositoryId), eq(members.name, name))

  async function isMember (repositoryId, name) {
    const rows = await db.select().from(members).where(isOf(repositoryId, name))
    return rows.length === 1
  }

  return {
    isMember,

    async addMember (repositoryId, name, options) {
      if (await isMember(repositoryId, name)) return
      const [{ total }] = await db.select({ total: count() }).from(members).where(eq(members.repositoryId, repositoryId))
      if (total >= capacity) throw new RoomFull()
      const [row] = await db.insert(members).values({ repositoryId, name, joinedAt: new Date().toISOString() }).returning()
      realtime.model('member').created(row, options)
    },

    async removeMember (repositoryId, name, options) {
      const [row] = await db.delete(members).where(isOf(repositoryId, name)).returning()
      if (row) realtime.model('member').deleted(row, options)
    },
  }
}
