/**
 * Cursors and positions as text, for servers and clients alike: nothing here
 * needs Node.
 *
 * A position is `<generation>-<counter>`, both decimal and without leading
 * zeros; a cursor over one partition is a position. Clients never take either
 * apart: they use {@link covers} and {@link meet}.
 */

/** A place in the log. Positions are totally ordered: by generation, then by counter. */
export interface Position {
  readonly generation: number
  readonly counter: number
}

/** No cursor is longer than this, in bytes. */
export const MAX_CURSOR_BYTES = 256

const FORM = /^(0|[1-9]\d{0,15})-(0|[1-9]\d{0,15})$/

/** Reads a cursor strictly; anything but a well-formed one is `undefined`. */
export function parseCursor (text: string): Position | undefined {
  const parts = FORM.exec(text)
  if (parts === null) return undefined
  const generation = Number(parts[1])
  const counter = Number(parts[2])
  if (!Number.isSafeInteger(generation) || !Number.isSafeInteger(counter)) return undefined
  return { generation, counter }
}

export function formatPosition (position: Position): string {
  return `${position.generation}-${position.counter}`
}

/** Negative, zero or positive, as `a` comes before, at or after `b`. */
export function comparePositions (a: Position, b: Position): number {
  return a.generation - b.generation || a.counter - b.counter
}

/** Whether everything up to the message `id` lies within `cursor`; false where either is malformed. */
export function covers (cursor: string, id: string): boolean {
  const seen = parseCursor(cursor)
  const position = parseCursor(id)
  return seen !== undefined && position !== undefined && comparePositions(seen, position) >= 0
}

/** The latest cursor that claims nothing which `a` or `b` does not: the earlier of the two. */
export function meet (a: string, b: string): string {
  return covers(a, b) ? b : a
}
