import { showAccount, whenSignedIn } from './account.js'
import { openBoard } from './board.js'
import { drawColumns } from './columns.js'
import { composer } from './compose.js'
import { byId, refreshTimes } from './dom.js'
import { drawFeed } from './feed.js'
import { icon } from './icons.js'
import { issuePanel } from './issue-panel.js'
import { showPanels } from './panel.js'
import { chosenRepository, drawRepositories } from './repositories.js'
import { roomPanel } from './room-panel.js'
import { showStatus } from './status.js'

const none = new Set()

function draw (board, changed = {}) {
  const chosen = chosenRepository()
  if (!changed.activities) {
    drawRepositories({ ...board, changed: changed.repositories, onChoice: () => draw(board) })
    drawColumns(board.issues.all().filter(({ repositoryId }) => !chosen || repositoryId === chosen), board.repositoryName, changed.issues ?? none)
    drawRoomButton(chosen)
  }
  drawFeed(board.activities.all(), changed.activities ?? none)
}

function drawRoomButton (chosen) {
  const button = byId('open-room')
  button.hidden = chosen === null
  button.replaceChildren(icon('lock'), 'Private room')
  button.onclick = () => { window.location.hash = `#/rooms/${chosen}` }
}

showStatus()
const board = openBoard(draw)
const compose = composer(board, (issue) => board.issues.put(issue))
byId('compose').onclick = () => whenSignedIn(() => compose.open())

const redrawPanel = showPanels({ issues: issuePanel(board), rooms: roomPanel(board) })
let shownUser
board.onLoaded(() => {
  if (board.user === shownUser) return
  shownUser = board.user
  showAccount(shownUser)
  redrawPanel()
})
setInterval(refreshTimes, 10_000)
