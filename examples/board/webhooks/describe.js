import { subjectRow } from './rows.js'

const THINGS = {
  issue_comment: 'comment',
  issues: 'issue',
  pull_request_review_comment: 'review comment',
  pull_request_review_thread: 'review thread',
  pull_request_review: 'review',
  discussion_comment: 'comment',
  projects_v2_item: 'project item',
}

const SENTENCES = {
  push: ({ ref, commits }) => `pushed ${count(commits.length, 'commit')} to ${branch(ref)}`,
  star: ({ action }) => action === 'created' ? 'starred the repository' : 'took the star back',
  watch: () => 'starts watching',
  fork: ({ forkee }) => `forked it to ${forkee.full_name}`,
  create: ({ ref, ref_type: type }) => `created the ${type} ${ref ?? ''}`,
  delete: ({ ref, ref_type: type }) => `deleted the ${type} ${ref}`,
  status: ({ context, state }) => `reported ${state} for ${context}`,
  public: () => 'made the repository public',
  ping: () => 'sent a ping',
  gollum: ({ pages }) => `edited ${count(pages.length, 'wiki page')}`,
}

/** A payload as a line of the feed: who did what, and to which issue. */
export function describe (event, payload) {
  const subject = subjectRow(payload)
  const sentence = SENTENCES[event] ?? ((payload) => plainly(event, payload, subject))
  return {
    event,
    action: payload.action ?? null,
    actor: payload.sender?.login ?? 'GitHub',
    summary: sentence(payload).trim().slice(0, 200),
    repository: payload.repository?.full_name ?? null,
    issueId: subject?.id ?? null,
  }
}

function plainly (event, payload, subject) {
  const thing = THINGS[event] ?? event.replaceAll('_', ' ')
  const name = subject ? `#${subject.number} ${subject.title}` : nameOf(payload[event])
  const what = `${thing} ${payload.action ?? ''}`.replaceAll('_', ' ').trim()
  return name ? `${what}: ${name}` : what
}

function nameOf (subject) {
  return subject?.title ?? subject?.name ?? subject?.full_name ?? subject?.tag_name ?? ''
}

const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`
const branch = (ref) => ref.replace(/^refs\/(heads|tags)\//, '')
