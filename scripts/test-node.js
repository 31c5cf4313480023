// Runs the tests on another version of Node: `npm run test:node -- 22`.
// Further arguments name test files.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.js'
import { runTap } from './tap.js'

const [version, ...files] = process.argv.slice(2)
if (!/^\d+(\.\d+){0,2}$/.test(version ?? '')) {
  console.error('Usage: npm run test:node -- <version> [test file…], for example: npm run test:node -- 22')
  process.exit(1)
}

const name = `node-${process.platform}-${process.arch}`
const folder = join(root, `node_modules/.cache/node-${version}`)
const node = join(folder, 'node_modules', name, 'bin/node')

if (!existsSync(node)) {
  mkdirSync(folder, { recursive: true })
  const code = await run('npm', ['install', '--no-save', '--no-package-lock', '--prefix', folder, `${name}@${version}`])
  if (code !== 0) process.exit(code)
}
if (await run(process.execPath, ['scripts/build.js', '--if-stale']) !== 0) process.exit(1)

const { passed, failed } = await runTap({ files, node })
console.log(`${passed} passed, ${failed} failed on Node ${version}`)
process.exit(failed === 0 ? 0 : 1)
