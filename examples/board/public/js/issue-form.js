import { patch } from './api.js'
import { el } from './dom.js'

/** The form that changes an issue's title and description. `adopt` gets the row as saved, `done` is called in any case. */
export function editForm (issue, adopt, done) {
  const title = el('input', { name: 'title', value: issue.title, maxLength: 120, required: true, ariaLabel: 'Title' })
  const body = el('textarea', { name: 'body', value: issue.body, rows: 8, maxLength: 4000, ariaLabel: 'Description' })
  const problem = el('p', { className: 'problem', role: 'alert' })
  const form = el('form', { className: 'writing' }, title, body, problem,
    el('div', { className: 'actions' },
      el('button', { className: 'button primary' }, 'Save'),
      el('button', { className: 'button quiet', type: 'button', onclick: done }, 'Cancel')))

  form.onsubmit = async (event) => {
    event.preventDefault()
    try {
      adopt(await patch(`/issues/${issue.id}`, { title: title.value, body: body.value }))
      done()
    } catch (error) {
      problem.textContent = error.message
    }
  }
  return form
}
