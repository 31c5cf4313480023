// Everything that `npm test` checks. The last line is `N passed, N failed`.
// Arguments name test files: then those alone are run.
import { ensurePackages } from './debian.js'
import { run } from './run.js'
import { runTap } from './tap.js'

const files = process.argv.slice(2)

/** Entry points for a script tag, which have no types. */
const browserScripts = ['./client.js', './worker.js']

/** Each counts as one test; they look at the types, and at the package as it would be published. */
const checks = [
  ['tstyche'],
  ['publint', '--strict'],
  ['attw', '--pack', '.', '--profile', 'esm-only', '--no-definitely-typed', '--no-summary', '--exclude-entrypoints', ...browserScripts]
]

if (!ensurePackages()) process.exit(1)
if (await run(process.execPath, ['scripts/build.js', '--if-stale']) !== 0) {
  console.error('The build failed, so nothing was tested')
  finish({ passed: 0, failed: 1 })
}

const total = await runTap({ files })
for (const [program, ...args] of files.length === 0 ? checks : []) {
  const code = await run(`node_modules/.bin/${program}`, args)
  if (code === 0) total.passed++
  else total.failed++
}
finish(total)

function finish ({ passed, failed }) {
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}
