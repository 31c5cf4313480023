import { byId, el } from './dom.js'
import { icon } from './icons.js'

const panel = byId('panel')
let close = () => {}

/**
 * Shows what the address names (`#/issues/<id>`, `#/rooms/<repository id>`) in
 * the panel at the side. A view draws into its element and returns how to stop.
 * Call what is returned to draw it anew.
 *
 * @param {Record<string, (body: HTMLElement, id: string) => () => void>} views
 * @returns {() => void}
 */
export function showPanels (views) {
  function follow () {
    close()
    close = () => {}
    const [, view, id] = window.location.hash.split('/')
    panel.hidden = views[view] === undefined
    if (panel.hidden) return
    const body = el('div', { className: 'panel-body' })
    panel.replaceChildren(el('button', { className: 'close', type: 'button', ariaLabel: 'Close', onclick: closePanel }, icon('cross')), body)
    panel.scrollTop = 0
    close = views[view](body, decodeURIComponent(id))
  }

  window.addEventListener('hashchange', follow)
  window.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && !panel.hidden && !document.querySelector('dialog[open]')) closePanel()
  })
  return follow
}

export function closePanel () {
  window.location.hash = '#/'
}
