import * as shapes from './shapes.js'
import { fieldsOf } from './shapes.js'

const PUBLIC = 'public:board'
const ROOM = 'repo:'

/** The group of a repository's private room. */
export const roomOf = (repositoryId) => ROOM + repositoryId

/**
 * The plugin's options: who a request belongs to, who may listen where, and
 * which fields of which rows are sent to whom.
 *
 * @param {(repositoryId: string, name: string) => Promise<boolean>} isMember
 */
export function realtimeOptions (isMember) {
  const toBoard = (shape) => ({ group: PUBLIC, fields: fieldsOf(shape) })
  const toRoom = (shape) => ({ group: (row) => roomOf(row.repositoryId), stable: true, fields: fieldsOf(shape) })

  return {
    identify: (request) => request.user,
    canJoin ({ user, group }) {
      if (group.startsWith('public:')) return true
      return user !== null && group.startsWith(ROOM) && isMember(group.slice(ROOM.length), user)
    },
    models: {
      repository: toBoard(shapes.repository),
      label: toBoard(shapes.label),
      issue: toBoard(shapes.issue),
      activity: { ...toBoard(shapes.activity), actions: ['created'] },
      comment: { group: (row) => `public:issue:${row.issueId}`, stable: true, fields: fieldsOf(shapes.comment) },
      member: { ...toRoom(shapes.member), key: 'name' },
      note: toRoom(shapes.note),
    },
    drainTimeout: 500,
    reconnectSpread: 1_000,
  }
}
