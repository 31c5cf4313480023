// Builds dist: the server part, the client and the types by tsc, the browser bundles by esbuild.
// With --if-stale nothing is done where dist is already what the sources make.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildClient } from './build-client.js'
import { root, run } from './run.js'
import { isFresh, stamp, unstamp } from './stamp.js'

if (!process.argv.includes('--if-stale') || !isFresh()) await build()

async function build () {
  unstamp()
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  for (const project of ['tsconfig.build.json', 'tsconfig.client.json']) {
    const code = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project])
    if (code !== 0) process.exit(code)
  }
  await buildClient()
  stamp()
}
