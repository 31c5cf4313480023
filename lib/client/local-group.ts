/**
 * The groups that the server joins by itself. They are subscribed to under these
 * names, and never asked for.
 */
const LOCAL = ['@user', '@all', '@connection']

export function isLocal (group: string): boolean {
  return LOCAL.includes(group)
}

/** The name that a message's group is subscribed to under: the wire has `@user:<id>`. */
export function subscribedName (group: string): string {
  return group.startsWith('@user:') ? '@user' : group
}
