/** The drawings of the page, as path data on a 16 by 16 grid. */
const PATHS = {
  open: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z M8 9.4a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8Z',
  closed: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z M5.4 8.2l1.8 1.8 3.5-3.7',
  pull: 'M4.5 5.7v4.6 M4.5 5.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z M4.5 13.9a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z M11.5 13.9a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z M11.5 10.4V6.3a2 2 0 0 0-2-2H7.6 M9.2 2.5 7.4 4.3l1.8 1.8',
  merged: 'M4.5 5.7v4.6 M4.5 5.5a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z M4.5 13.9a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z M11.5 10.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z M4.7 5.6c.5 1.9 2.4 3 5 2.9',
  discussion: 'M2 3.2h9v6H6.2L3.8 11.400V9.200H2Z M12.800 5.800H14v5.800h-1.600v1.900l-2.200-1.900H7.600',
  comment: 'M2.200 3h11.600v8H8.200l-3 2.600V11h-3Z',
  lock: 'M4 7.200h8v6.300H4Z M5.600 7.200V5a2.400 2.400 0 0 1 4.800 0v2.200',
  star: 'M8 2l1.800 3.800 4.200.5-3.100 2.900.8 4.100L8 11.300l-3.700 2 .8-4.100L2 6.300l4.200-.5Z',
  pin: 'M6 2.200h4l-.5 4 2.300 2.300H4.200L6.500 6.200Z M8 8.500v5.300',
  flag: 'M4 14V2.500 M4 3h8l-1.800 2.600L12 8.200H4',
  hook: 'M2 8h3l2-5 3 10 2-5h2',
  hand: 'M3 2.500l4.300 11 1.600-4.600 4.600-1.600Z',
  cross: 'M4 4l8 8 M12 4l-8 8',
}

/** An icon that a screen reader skips. */
export function icon (name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('class', `icon icon-${name}`)
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', PATHS[name])
  svg.append(path)
  return svg
}

/** Which icon stands for an issue, pull request or discussion. */
export function iconOf ({ kind, state }) {
  if (kind === 'discussion') return icon('discussion')
  if (kind === 'pull_request') return icon(state === 'merged' ? 'merged' : 'pull')
  return icon(state === 'open' ? 'open' : 'closed')
}
