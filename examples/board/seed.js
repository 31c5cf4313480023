import { randomUUID } from 'node:crypto'

const repository = { id: 'board', fullName: 'team/board', stars: 0 }

const labels = [
  { id: 'label-try', repositoryId: repository.id, name: 'try this', color: '6e56cf' },
  { id: 'label-bug', repositoryId: repository.id, name: 'bug', color: 'd73a4a' },
  { id: 'label-idea', repositoryId: repository.id, name: 'idea', color: '0e8a16' },
  { id: 'label-docs', repositoryId: repository.id, name: 'docs', color: '0075ca' },
]

/** Oldest first; the last one ends up on top of its column. */
const issues = [
  { kind: 'pull_request', title: 'Fetch everything again after a gap', state: 'merged', labels: ['bug'], author: 'ines', assignees: ['ines'] },
  { title: 'Dark mode follows the system', state: 'closed', labels: ['idea'], author: 'mara', body: 'The page has both, chosen by prefers-color-scheme.' },
  { title: 'Show pull requests and discussions as well', state: 'closed', labels: ['idea'], author: 'jonas', body: 'They have columns of their own now.' },
  { title: 'Say in the README how to point a real GitHub webhook at the board', labels: ['docs'], author: 'mara', assignees: ['jonas'] },
  { title: 'Long titles push the labels out of the card', labels: ['bug'], author: 'ines', assignees: ['mara', 'ines'] },
  { kind: 'discussion', title: 'Which events should the feed leave out?', labels: [], author: 'jonas', body: 'Check runs and deployments come by the dozen. What do you want to see?' },
  { kind: 'pull_request', title: 'Let the cards travel from column to column', labels: ['idea'], author: 'mara', assignees: ['mara'], milestone: 'v1.0', draft: true },
  {
    title: 'Join the private room of a repository',
    labels: ['try this'],
    author: 'ines',
    body: 'Pick a repository above, open its room and become a member. What is written there reaches its members and nobody else: to everyone else the server refuses the group.',
  },
  {
    title: 'Stop the server and start it again',
    labels: ['try this'],
    author: 'jonas',
    body: 'Press Ctrl+C in the terminal and watch the pill at the top count down. Run npm start again: the page comes back by itself and fetches what it missed.',
  },
  {
    title: 'Open this page in a second tab and close me there',
    labels: ['try this'],
    author: 'mara',
    pinned: true,
    body: 'Sign in with any name, then close this issue or leave a comment: the other tab shows it at once, and so does the feed.',
  },
]

/** Fills an empty database with a repository of the board's own, so that there is something to look at and to try. */
export async function seed (board) {
  await board.write(async () => {
    if (await board.repositories.find(repository.id) !== undefined) return
    await board.repositories.save(repository)
    for (const label of labels) await board.labels.save(label)
    for (const [index, issue] of issues.entries()) {
      const chips = labels.filter(({ name }) => issue.labels.includes(name)).map(({ name, color }) => ({ name, color }))
      const place = { id: `issue-${randomUUID()}`, repositoryId: repository.id, number: index + 1 }
      await board.saveIssue({ kind: 'issue', ...issue, ...place, labels: chips })
    }
  })
}
