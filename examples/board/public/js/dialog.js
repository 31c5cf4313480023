/**
 * A `<dialog>` with a form: `submit` gets the form's data, what it throws is
 * shown in the dialog, and the dialog closes when it is done.
 */
export function formDialog (dialog, submit) {
  const form = dialog.querySelector('form')
  const problem = dialog.querySelector('.problem')

  dialog.querySelector('[value=cancel]').onclick = () => dialog.close()
  form.onsubmit = async (event) => {
    event.preventDefault()
    const button = form.querySelector('.primary')
    button.disabled = true
    problem.textContent = ''
    try {
      await submit(new FormData(form))
      form.reset()
      dialog.close()
    } catch (error) {
      problem.textContent = error.message
    } finally {
      button.disabled = false
    }
  }
  return {
    open () {
      problem.textContent = ''
      dialog.showModal()
    },
  }
}
