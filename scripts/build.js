// Builds dist: the server part, the client and the types by tsc, the browser bundles by esbuild.
// With --if-stale nothing is done where dist is already what the sources make.
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildClient } from './build-client.js'
import { root, run } from './run.js'
import { isFresh, stamp, unstamp } from './stamp.js'

const dist = join(root, 'dist')
/** What runs from `dist` meanwhile misses it for a moment only. */
const fresh = join(root, 'node_modules/.cache/fastify-realtime/dist')

if (!process.argv.includes('--if-stale') || !isFresh()) await build()

async function build () {
  unstamp()
  rmSync(fresh, { recursive: true, force: true })
  for (const project of ['tsconfig.build.json', 'tsconfig.client.json']) {
    const code = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project, '--outDir', fresh])
    if (code !== 0) process.exit(code)
  }
  await buildClient(fresh)
  rmSync(dist, { recursive: true, force: true })
  renameSync(fresh, dist)
  stamp()
}
