import { ago, arrange, avatar, byId, el, flash } from './dom.js'
import { icon } from './icons.js'

const SHOWN = 40
const lines = new Map()

/** Draws the newest activities, newest first, repeats in one line; `changed` are the ids of those that have just come. */
export function drawFeed (activities, changed) {
  const newest = activities.sort((a, b) => b.happenedAt.localeCompare(a.happenedAt)).slice(0, SHOWN)
  const groups = grouped(newest)
  arrange(byId('feed'), groups.map(lineOf))
  const present = new Set(groups.map(({ id }) => id))
  for (const id of lines.keys()) if (!present.has(id)) lines.delete(id)
  for (const { id, latest } of groups) if (changed.has(latest.id)) flash(lines.get(id))
}

/** Puts neighbours that say the same into one group, named by the first of them so that it stays one line as it grows. */
function grouped (newest) {
  const groups = []
  for (const activity of newest) {
    const group = groups.at(-1)
    if (group?.latest.actor === activity.actor && group.latest.summary === activity.summary) {
      group.id = activity.id
      group.times += 1
    } else {
      groups.push({ id: activity.id, latest: activity, times: 1 })
    }
  }
  return groups
}

function lineOf ({ id, latest, times }) {
  if (!lines.has(id)) lines.set(id, el('li', { className: 'line' }))
  const line = lines.get(id)
  if (line.dataset.latest !== latest.id) {
    line.dataset.latest = latest.id
    line.replaceChildren(avatar(latest.actor), el('div', {}, sentence(latest, times), origin(latest)))
  }
  return line
}

function sentence ({ actor, summary, issueId }, times) {
  const text = issueId ? el('a', { href: `#/issues/${issueId}` }, summary) : summary
  return el('p', {}, el('strong', {}, actor), ' ', text, times > 1 && el('span', { className: 'count' }, `×${times}`))
}

function origin ({ event, repository, happenedAt }) {
  const byHand = event === 'page'
  return el('p', { className: 'where', title: repository ?? '' },
    icon(byHand ? 'hand' : 'hook'), byHand ? 'by hand' : event, ' · ', ago(happenedAt))
}
