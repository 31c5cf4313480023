import { byId } from './dom.js'

const WORDS = { idle: 'Idle', connecting: 'Connecting…', connected: 'Live', offline: 'Offline', closed: 'Closed' }

/** Shows the connection's state in the pill at the top; a click on it tries again at once. */
export function showStatus () {
  const pill = byId('status')
  const text = byId('status-text')
  let countdown = null

  function show (status) {
    clearInterval(countdown)
    pill.dataset.state = document.body.dataset.connection = status.state
    if (status.state !== 'reconnecting') {
      text.textContent = WORDS[status.state]
      return
    }
    const count = () => {
      const seconds = Math.ceil((status.nextRetryAt - Date.now()) / 1000)
      text.textContent = seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting…'
    }
    count()
    countdown = setInterval(count, 250)
  }

  pill.onclick = () => {
    if (window.realtime.status.state !== 'connected') window.realtime.connect()
  }
  window.realtime.onStatus(show)
  show(window.realtime.status)
}
