import { post, remove } from './api.js'
import { formDialog } from './dialog.js'
import { avatar, byId, el } from './dom.js'

const tabs = new BroadcastChannel('account')
let user = null

export const currentUser = () => user

/** Runs `action` for a visitor with a name, and asks others for one instead. */
export function whenSignedIn (action) {
  if (user === null) signIn.open()
  else action()
}

const signIn = formDialog(byId('sign-in'), async (form) => {
  await post('/session', { name: form.get('name').trim() })
  changed()
})

async function signOut () {
  await remove('/session')
  changed()
}

/** All tabs of this browser share the cookie, so all of them are somebody else now. */
function changed () {
  tabs.postMessage('changed')
  reconnect()
}

tabs.onmessage = reconnect

/** A stream belongs to whoever opened it: another name needs another one, and then everything is fetched anew. */
function reconnect () {
  window.realtime.close()
  window.realtime.connect()
}

export function showAccount (name) {
  user = name
  byId('account').replaceChildren(...(name === null
    ? [el('button', { className: 'button', type: 'button', onclick: () => signIn.open() }, 'Sign in')]
    : [
        avatar(name),
        el('span', { className: 'name' }, name),
        el('button', { className: 'button quiet', type: 'button', onclick: signOut }, 'Sign out'),
      ]))
}
