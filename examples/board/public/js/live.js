/**
 * Keeps what a page shows true to the server: listens first, then loads, then
 * applies what came meanwhile; loads again when the stream says that something
 * may have been missed, and whenever the group was joined anew.
 *
 * @param {object} options
 * @param {string} options.group
 * @param {string[]} options.models the models to listen to in that group
 * @param {() => Promise<unknown>} options.load fetches what there is
 * @param {(loaded: unknown) => void} options.show takes what was loaded, in place of everything before
 * @param {(change: { model: string, action: string, row: object }) => void} options.apply takes one change
 * @param {() => void} [options.left] the server took this page out of the group, or did not let it in
 * @param {(error: Error) => void} [options.fail] a load that did not work out; the next time the group is joined tries again
 * @returns {() => void} stops it
 */
export function follow ({ group, models, load, show, apply, left, fail = console.warn }) {
  let waiting = null
  let latest = 0
  let queued = false

  const receive = (change) => waiting === null ? apply(change) : waiting.push(change)

  /** Several models of one group open, or miss something, at the same time: one load serves them all. */
  function reload () {
    if (queued) return
    queued = true
    queueMicrotask(loadAnew)
  }

  async function loadAnew () {
    queued = false
    if (latest < 0) return
    const turn = ++latest
    waiting ??= []
    const loaded = await load().catch(fail)
    if (turn !== latest) return
    if (loaded !== undefined) show(loaded)
    const changes = waiting
    waiting = null
    changes.forEach(apply)
  }

  const subscriptions = models.map((model) => {
    const on = (action) => (row) => receive({ model, action, row })
    const changes = { created: on('created'), updated: on('updated'), deleted: on('deleted') }
    const handlers = { ...changes, open: reload, invalidated: reload, gap: reload, error: left }
    return window.realtime.model(model, handlers, { group })
  })

  return () => {
    latest = -1
    for (const subscription of subscriptions) subscription.unsubscribe()
  }
}
