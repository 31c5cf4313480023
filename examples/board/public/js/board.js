import { get } from './api.js'
import { follow } from './live.js'
import { rows } from './rows.js'

const MODELS = { repository: 'repositories', label: 'labels', issue: 'issues', activity: 'activities' }

/**
 * What the page holds of the board, kept true by the stream. `draw` is called
 * after changes, with the keys of the rows that changed by kind.
 *
 * @param {(board: object, changed: Record<string, Set<string>>) => void} draw
 */
export function openBoard (draw) {
  const watchers = { issues: new Set(), loaded: new Set() }
  const watch = (set) => (watcher) => {
    set.add(watcher)
    return () => set.delete(watcher)
  }
  const changedRows = (kind) => (keys) => {
    draw(board, { [kind]: keys })
    if (kind === 'issues') watchers.issues.forEach((watcher) => watcher())
  }
  const board = {
    user: null,
    /** The repositories whose private rooms the visitor is a member of. */
    rooms: new Set(),
    repositoryName: (id) => board.repositories.get(id)?.fullName ?? id,
    onIssues: watch(watchers.issues),
    onLoaded: watch(watchers.loaded),
  }
  for (const kind of Object.values(MODELS)) board[kind] = rows('id', changedRows(kind))

  follow({
    group: 'public:board',
    models: Object.keys(MODELS),
    load: () => get('/board'),
    show (loaded) {
      board.user = loaded.user
      board.rooms = new Set(loaded.rooms)
      for (const kind of Object.values(MODELS)) board[kind].replace(loaded[kind])
      watchers.loaded.forEach((watcher) => watcher())
    },
    apply ({ model, action, row }) {
      const held = board[MODELS[model]]
      if (action === 'deleted') held.drop(row.id)
      else held.put(row)
    },
  })
  return board
}
