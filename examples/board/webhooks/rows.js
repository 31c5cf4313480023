/** Maps the parts of a GitHub payload to rows; what a payload leaves out is undefined and leaves its column as it was. */

export function repositoryRow ({ id, full_name: fullName, stargazers_count: stars }) {
  return { id: String(id), fullName, stars }
}

export function labelRow ({ id, name, color }, repository) {
  return { id: `label-${id}`, repositoryId: String(repository.id), name, color }
}

export function issueRow (issue, repository) {
  return { ...commonRow(issue, repository), id: `issue-${issue.id}`, kind: 'issue' }
}

export function pullRequestRow (pull, repository) {
  return {
    ...commonRow(pull, repository),
    id: `pull-${pull.id}`,
    kind: 'pull_request',
    state: pull.merged ? 'merged' : pull.state,
    draft: pull.draft,
  }
}

export function discussionRow (discussion, repository) {
  return { ...commonRow(discussion, repository), id: `discussion-${discussion.id}`, kind: 'discussion', state: 'open' }
}

/** The issue, pull request or discussion that a payload is about, if there is one. */
export function subjectRow ({ issue, pull_request: pull, discussion, repository, action }) {
  const row = issue
    ? issueRow(issue, repository)
    : pull ? pullRequestRow(pull, repository) : discussion && discussionRow(discussion, repository)
  if (row && (action === 'pinned' || action === 'unpinned')) row.pinned = action === 'pinned'
  return row
}

export function commentRow (prefix, comment, subject) {
  return {
    id: `${prefix}-${comment.id}`,
    issueId: subject.id,
    author: comment.user.login,
    body: comment.body,
    writtenAt: comment.created_at,
  }
}

function commonRow (subject, repository) {
  return {
    repositoryId: String(repository.id),
    number: subject.number,
    title: subject.title,
    body: subject.body ?? undefined,
    state: subject.state,
    locked: subject.locked,
    labels: subject.labels?.map(({ name, color }) => ({ name, color })),
    assignees: subject.assignees?.map(({ login }) => login),
    milestone: subject.milestone === undefined ? undefined : subject.milestone?.title ?? null,
    author: subject.user.login,
  }
}
