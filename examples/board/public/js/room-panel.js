import { currentUser, whenSignedIn } from './account.js'
import { get, post, put, remove } from './api.js'
import { ago, arrange, avatar, el, flash } from './dom.js'
import { icon } from './icons.js'
import { follow } from './live.js'
import { rows } from './rows.js'
import { remark, writingForm } from './writing.js'

/** The view of a repository's private room: a closed door, or its members and their notes as they come. */
export function roomPanel (board) {
  return (body, id) => {
    let leave = () => {}
    let isInside = null

    function draw () {
      if (isInside === board.rooms.has(id)) return
      isInside = board.rooms.has(id)
      leave()
      const name = board.repositoryName(id)
      body.replaceChildren(el('p', { className: 'where' }, icon('lock'), 'Private room'), el('h2', {}, name))
      leave = isInside ? inside(body, id, shut) : outside(body, open)
    }

    const open = () => whenSignedIn(async () => {
      await put(`/rooms/${encodeURIComponent(id)}/membership`)
      board.rooms.add(id)
      draw()
    })

    const shut = () => {
      board.rooms.delete(id)
      draw()
    }

    const forget = board.onLoaded(draw)
    draw()
    return () => {
      forget()
      leave()
    }
  }
}

function outside (body, open) {
  body.append(el('div', { className: 'locked' },
    icon('lock'),
    el('p', {}, 'What is said here reaches the members of this room only. The server refuses the group to everyone else.'),
    el('button', { className: 'button primary', type: 'button', onclick: open }, currentUser() === null ? 'Sign in to join' : 'Become a member')))
  return () => {}
}

function inside (body, id, shut) {
  const path = `/rooms/${encodeURIComponent(id)}`
  const people = el('p', { className: 'people' })
  const list = el('ol', { className: 'remarks' })
  const lines = new Map()
  const members = rows('name', () => people.replaceChildren(...members.all().flatMap(({ name }) => [avatar(name), el('span', {}, name)])))
  const notes = rows('id', drawNotes)

  function drawNotes (changed) {
    const sorted = notes.all().sort((a, b) => a.writtenAt.localeCompare(b.writtenAt))
    arrange(list, sorted.map((note) => {
      if (!lines.has(note.id)) lines.set(note.id, el('li', { className: 'remark' }, remark(note, avatar(note.author), ago(note.writtenAt))))
      return lines.get(note.id)
    }))
    for (const id of changed) if (lines.has(id)) flash(lines.get(id))
  }

  const quit = async () => {
    await remove(`${path}/membership`)
    shut()
  }

  body.append(people, list,
    writingForm({
      placeholder: 'A note for the members',
      verb: 'Post the note',
      maxLength: 1000,
      submit: async (text) => notes.put(await post(`${path}/notes`, { body: text })),
    }),
    el('button', { className: 'button quiet', type: 'button', onclick: quit }, 'Leave the room'))

  return follow({
    group: `repo:${id}`,
    left: shut,
    models: ['note', 'member'],
    load: () => get(path),
    show (room) {
      members.replace(room.members)
      notes.replace(room.notes)
    },
    apply ({ model, action, row }) {
      const [held, key] = model === 'note' ? [notes, row.id] : [members, row.name]
      if (action === 'deleted') held.drop(key)
      else held.put(row)
    },
  })
}
