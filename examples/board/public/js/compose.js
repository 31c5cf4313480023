import { post } from './api.js'
import { formDialog } from './dialog.js'
import { byId, el, labelChip } from './dom.js'
import { chosenRepository } from './repositories.js'

const dialog = byId('new-issue')
const select = dialog.querySelector('select')
const fieldset = dialog.querySelector('fieldset')

/** The dialog for a new issue: `board` says what there is to choose from, `onCreated` gets the row. */
export function composer (board, onCreated) {
  const form = formDialog(dialog, async (data) => {
    const { repositoryId, title, body } = Object.fromEntries(data)
    onCreated(await post('/issues', { repositoryId, title, body, labels: data.getAll('label') }))
  })

  function offerLabels () {
    const offered = board.labels.all().filter(({ repositoryId }) => repositoryId === select.value)
    const box = (label) => el('label', {}, el('input', { type: 'checkbox', name: 'label', value: label.name }), labelChip(label))
    fieldset.hidden = offered.length === 0
    fieldset.replaceChildren(fieldset.firstElementChild, ...offered.map(box))
  }

  select.onchange = offerLabels
  return {
    open () {
      const names = board.repositories.all().sort((a, b) => a.fullName.localeCompare(b.fullName))
      select.replaceChildren(...names.map(({ id, fullName }) => el('option', { value: id }, fullName)))
      select.value = chosenRepository() ?? 'board'
      offerLabels()
      form.open()
    },
  }
}
