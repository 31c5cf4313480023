import { commentRow, issueRow, labelRow, repositoryRow, subjectRow } from './rows.js'

/**
 * What each event changes beyond its repository and the issue, pull request or
 * discussion it is about, which every payload brings up to date by itself.
 */
export const handlers = {
  async issues (board, { action, issue, repository, changes }) {
    if (action === 'deleted' || action === 'transferred') await board.removeIssue(issueRow(issue, repository).id)
    if (action === 'transferred') {
      await board.repositories.save(repositoryRow(changes.new_repository))
      await board.saveIssue(issueRow(changes.new_issue, changes.new_repository))
    }
  },

  issue_comment: commentsOf('comment'),
  pull_request_review_comment: commentsOf('review-comment'),
  discussion_comment: commentsOf('discussion-comment'),

  async label (board, { action, label, repository, changes }) {
    const row = labelRow(label, repository)
    if (action === 'deleted') await board.removeLabel(row)
    else await board.saveLabel(row, changes?.name?.from)
  },
}

function commentsOf (prefix) {
  return async (board, payload) => {
    const row = commentRow(prefix, payload.comment, subjectRow(payload))
    if (payload.action === 'deleted') await board.removeComment(row)
    else await board.saveComment(row)
  }
}
