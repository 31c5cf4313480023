/** An element with properties, `data-*` and children. Text goes in as text, never as markup. */
export function el (tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  const { data, ...rest } = properties
  Object.assign(element, rest)
  Object.assign(element.dataset, data)
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

export const byId = (id) => document.getElementById(id)

/** The initials of a name in a circle; its colour follows from the name. */
export function avatar (name) {
  const letters = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean).map(([first]) => first)
  const circle = el('span', { className: 'avatar', title: name, ariaHidden: 'true' }, letters.slice(0, 2).join('').toUpperCase())
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7)
  circle.style.setProperty('--hue', hue)
  return circle
}

export function labelChip ({ name, color }) {
  const chip = el('span', { className: 'chip' }, name)
  chip.style.setProperty('--label', `#${color}`)
  return chip
}

/** A `<time>` that says how long ago; `refreshTimes` keeps it true. */
export function ago (iso) {
  return el('time', { dateTime: iso, title: new Date(iso).toLocaleString() }, phrase(iso))
}

export function refreshTimes () {
  for (const time of document.querySelectorAll('time')) time.textContent = phrase(time.dateTime)
}

function phrase (iso) {
  const seconds = Math.max(0, (Date.now() - Date.parse(iso)) / 1000)
  if (seconds < 45) return 'now'
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`
  if (seconds < 86400) return `${Math.round(seconds / 3600)} h`
  if (seconds < 31536000) return `${Math.round(seconds / 86400)} d`
  return `${Math.round(seconds / 31536000)} y`
}

/** Puts exactly these elements into a parent, in this order, moving as few as it can. */
export function arrange (parent, elements) {
  const wanted = new Set(elements)
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove()
  elements.forEach((element, index) => {
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null)
  })
}

/** Lets an element light up for a moment; measuring it in between starts the animation anew. */
export function flash (element) {
  element.classList.remove('flash')
  element.getBoundingClientRect()
  element.classList.add('flash')
}
