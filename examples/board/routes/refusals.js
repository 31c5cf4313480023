import createError from '@fastify/error'

export const NotFound = createError('BOARD_NOT_FOUND', 'There is no such %s', 404)
export const MembersOnly = createError('BOARD_MEMBERS_ONLY', 'Only members of this room may do that', 403)
