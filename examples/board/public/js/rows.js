/**
 * Rows by key. A copy that is older than the one held, by `revision`, is left
 * out: an answer to a click and the messages of others may overtake each other.
 *
 * @param {string} key the column that tells rows apart
 * @param {(changed: Set<unknown>) => void} onChange called once for all changes made in one go, with their keys
 */
export function rows (key, onChange) {
  let held = new Map()
  let changed = null

  function touch (id) {
    if (changed === null) {
      changed = new Set()
      queueMicrotask(() => {
        const keys = changed
        changed = null
        onChange(keys)
      })
    }
    if (id !== undefined) changed.add(id)
  }

  return {
    all: () => [...held.values()],
    get: (id) => held.get(id),

    put (row) {
      const former = held.get(row[key])
      if (former && (former.revision ?? 0) > (row.revision ?? 0)) return
      held.set(row[key], former ? { ...former, ...row } : row)
      touch(row[key])
    },

    drop (id) {
      if (held.delete(id)) touch(id)
    },

    /** Replaces everything, as after a fetch; no single row counts as changed. */
    replace (list) {
      held = new Map(list.map((row) => [row[key], row]))
      touch()
    },
  }
}
