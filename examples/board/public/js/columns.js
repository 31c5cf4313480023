import { ago, arrange, avatar, el, flash, labelChip } from './dom.js'
import { icon, iconOf } from './icons.js'

const columns = new Map([...document.querySelectorAll('.column')].map((column) => [column.dataset.column, column]))
const cards = new Map()

/** Draws the cards into their columns; `changed` are the ids of those that should light up. */
export function drawColumns (issues, repositoryName, changed) {
  const before = positions()
  for (const [name, column] of columns) {
    const list = issues.filter((issue) => columnOf(issue) === name).sort(byPinAndChange)
    arrange(column.querySelector('.cards'), list.map((issue) => cardOf(issue, repositoryName(issue.repositoryId))))
    column.querySelector('.count').textContent = list.length
  }
  const present = new Set(issues.map(({ id }) => id))
  for (const id of cards.keys()) if (!present.has(id)) cards.delete(id)
  glide(before)
  for (const id of changed) if (cards.has(id)) flash(cards.get(id).element)
}

function columnOf ({ kind, state }) {
  if (state !== 'open') return 'done'
  return { issue: 'open', pull_request: 'pulls', discussion: 'discussions' }[kind]
}

function byPinAndChange (a, b) {
  return b.pinned - a.pinned || b.changedAt.localeCompare(a.changedAt)
}

function cardOf (issue, repository) {
  const card = cards.get(issue.id) ?? { element: el('li', { className: 'card' }), issue: null }
  cards.set(issue.id, card)
  if (card.issue !== issue) {
    card.issue = issue
    card.element.dataset.id = issue.id
    card.element.replaceChildren(...contents(issue, repository))
  }
  return card.element
}

function contents (issue, repository) {
  return [
    el('a', { className: 'title', href: `#/issues/${issue.id}` }, iconOf(issue), el('span', {}, issue.title)),
    el('p', { className: 'where' }, `${repository} #${issue.number}`,
      issue.draft && el('span', { className: 'mark' }, 'draft'),
      issue.state === 'merged' && el('span', { className: 'mark' }, 'merged')),
    issue.labels.length > 0 && el('p', { className: 'chips' }, issue.labels.map(labelChip)),
    el('p', { className: 'foot' },
      issue.pinned && el('span', { title: 'Pinned' }, icon('pin')),
      issue.locked && el('span', { title: 'Locked' }, icon('lock')),
      issue.milestone && el('span', {}, icon('flag'), issue.milestone),
      issue.comments > 0 && el('span', { title: 'Comments' }, icon('comment'), String(issue.comments)),
      ago(issue.changedAt),
      el('span', { className: 'avatars' }, issue.assignees.map(avatar))),
  ].filter(Boolean)
}

function positions () {
  return new Map([...cards.values()].map(({ element }) => [element, element.getBoundingClientRect()]))
}

/** Lets the cards that moved travel from where they were. */
function glide (before) {
  if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return
  for (const { element } of cards.values()) {
    const from = before.get(element)
    const to = element.getBoundingClientRect()
    if (!from?.width || (from.x === to.x && from.y === to.y)) continue
    const start = { transform: `translate(${from.x - to.x}px, ${from.y - to.y}px)` }
    element.animate([start, { transform: 'none' }], { duration: 320, easing: 'cubic-bezier(.2, .8, .2, 1)' })
  }
}
