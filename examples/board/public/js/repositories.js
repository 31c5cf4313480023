import { arrange, byId, el, flash } from './dom.js'
import { icon } from './icons.js'

const chips = new Map()
let chosen = null

/** The repository that the page is narrowed to, or null. */
export const chosenRepository = () => chosen

/** Draws the row of repositories: those with something on the board, by name. */
export function drawRepositories ({ repositories, issues, changed, onChoice }) {
  const counts = new Map()
  for (const { repositoryId, state } of issues.all()) {
    if (state === 'open') counts.set(repositoryId, (counts.get(repositoryId) ?? 0) + 1)
  }
  const shown = repositories.all()
    .filter(({ id }) => counts.has(id) || id === chosen)
    .sort((a, b) => a.fullName.localeCompare(b.fullName))

  const choose = (id) => {
    chosen = chosen === id ? null : id
    onChoice()
  }
  const all = chip(null, () => choose(null))
  all.replaceChildren('All')
  const elements = shown.map((repository) => {
    const element = chip(repository.id, () => choose(repository.id))
    element.replaceChildren(
      el('span', {}, repository.fullName),
      el('span', { className: 'stars', title: 'Stars' }, icon('star'), String(repository.stars)),
      el('span', { className: 'count', title: 'Open' }, String(counts.get(repository.id) ?? 0))
    )
    return element
  })
  arrange(byId('repositories'), [all, ...elements])
  for (const [id, element] of chips) element.ariaPressed = String(id === chosen)
  for (const id of changed ?? []) if (chips.has(id)) flash(chips.get(id))
}

function chip (id, onclick) {
  if (!chips.has(id)) chips.set(id, el('button', { className: 'repository', type: 'button' }))
  return Object.assign(chips.get(id), { onclick })
}
