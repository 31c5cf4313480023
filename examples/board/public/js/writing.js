import { currentUser, whenSignedIn } from './account.js'
import { el } from './dom.js'

/** A text box with a button, or an invitation to sign in. `submit` gets the text; what it throws is shown below. */
export function writingForm ({ placeholder, verb, maxLength, submit }) {
  if (currentUser() === null) {
    return el('button', { className: 'button wide', type: 'button', onclick: () => whenSignedIn() }, `Sign in to ${verb.toLowerCase()}`)
  }
  const text = el('textarea', { placeholder, maxLength, rows: 3, required: true, ariaLabel: placeholder })
  const problem = el('p', { className: 'problem', role: 'alert' })
  const button = el('button', { className: 'button primary' }, verb)
  const form = el('form', { className: 'writing' }, text, problem, button)

  form.onsubmit = async (event) => {
    event.preventDefault()
    button.disabled = true
    problem.textContent = ''
    try {
      await submit(text.value)
      text.value = ''
    } catch (error) {
      problem.textContent = error.message
    } finally {
      button.disabled = false
    }
  }
  text.onkeydown = ({ key, ctrlKey, metaKey }) => {
    if (key === 'Enter' && (ctrlKey || metaKey)) form.requestSubmit()
  }
  return form
}

/** A remark by somebody: a comment or a note. */
export function remark ({ author, body }, avatar, time) {
  return [avatar, el('div', {}, el('p', { className: 'where' }, el('strong', {}, author), ' · ', time), el('p', { className: 'text' }, body))]
}
