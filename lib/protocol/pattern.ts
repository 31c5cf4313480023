/**
 * Group patterns such as `room:*`, where `*` stands for any run of characters.
 * Only servers write them; no pattern ever comes from a client.
 */
export function groupMatcher (pattern: string): (group: string) => boolean {
  if (!pattern.includes('*')) return (group) => group === pattern
  const source = pattern.split('*').map((part) => part.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('.*')
  const expression = new RegExp(`^${source}$`)
  return (group) => expression.test(group)
}
