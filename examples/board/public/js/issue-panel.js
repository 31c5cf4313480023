import { currentUser } from './account.js'
import { get, patch, post } from './api.js'
import { ago, arrange, avatar, el, flash, labelChip } from './dom.js'
import { iconOf } from './icons.js'
import { editForm } from './issue-form.js'
import { follow } from './live.js'
import { rows } from './rows.js'
import { remark, writingForm } from './writing.js'

/** The view of one issue: what it says, its comments as they come, and the forms to change it. */
export function issuePanel (board) {
  return (body, id) => {
    const head = el('div', { className: 'issue' })
    const list = el('ol', { className: 'remarks' })
    const lines = new Map()
    const comments = rows('id', drawComments)
    let editing = false

    const adopt = (issue) => board.issues.put(issue)

    function drawIssue () {
      const issue = board.issues.get(id)
      if (issue === undefined) head.replaceChildren(el('p', { className: 'empty' }, 'This issue is not on the board.'))
      else if (!editing) head.replaceChildren(...contents(issue, board, { edit, adopt }))
    }

    function edit () {
      const done = () => {
        editing = false
        drawIssue()
      }
      editing = true
      head.replaceChildren(editForm(board.issues.get(id), adopt, done))
    }

    function drawComments (changed) {
      const sorted = comments.all().sort((a, b) => a.writtenAt.localeCompare(b.writtenAt))
      arrange(list, sorted.map((comment) => {
        const line = lines.get(comment.id) ?? el('li', { className: 'remark' })
        lines.set(comment.id, line)
        line.replaceChildren(...remark(comment, avatar(comment.author), ago(comment.writtenAt)))
        return line
      }))
      for (const id of changed) if (lines.has(id)) flash(lines.get(id))
    }

    const form = writingForm({
      placeholder: 'Leave a comment',
      verb: 'Comment',
      maxLength: 2000,
      submit: async (text) => comments.put(await post(`/issues/${id}/comments`, { body: text })),
    })
    body.append(head, el('h3', {}, 'Comments'), list, form)

    const stopWatching = board.onIssues(drawIssue)
    const stopFollowing = follow({
      group: `public:issue:${id}`,
      models: ['comment'],
      load: () => get(`/issues/${encodeURIComponent(id)}`),
      show (thread) {
        adopt(thread.issue)
        comments.replace(thread.comments)
      },
      apply: ({ action, row }) => action === 'deleted' ? comments.drop(row.id) : comments.put(row),
    })
    drawIssue()
    return () => {
      stopWatching()
      stopFollowing()
    }
  }
}

function contents (issue, board, { edit, adopt }) {
  const turn = issue.state === 'open' ? 'closed' : 'open'
  const toggle = async ({ target }) => {
    target.disabled = true
    adopt(await patch(`/issues/${issue.id}`, { state: turn }).finally(() => { target.disabled = false }))
  }
  const buttons = currentUser() !== null && issue.kind === 'issue' && el('div', { className: 'actions' },
    el('button', { className: 'button', type: 'button', id: 'toggle', onclick: toggle }, turn === 'closed' ? 'Close issue' : 'Reopen issue'),
    el('button', { className: 'button quiet', type: 'button', onclick: edit }, 'Edit'))

  return [
    el('p', { className: 'where' }, `${board.repositoryName(issue.repositoryId)} #${issue.number}`),
    el('h2', {}, issue.title),
    el('p', { className: 'facts' },
      el('span', { className: 'state', data: { state: issue.state } }, iconOf(issue), issue.state),
      avatar(issue.author), el('span', {}, issue.author), ' · changed ', ago(issue.changedAt)),
    issue.labels.length > 0 && el('p', { className: 'chips' }, issue.labels.map(labelChip)),
    el('p', { className: 'text' }, issue.body || 'No description.'),
    buttons,
  ].filter(Boolean)
}
