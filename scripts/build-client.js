// Bundles the browser client by esbuild and holds the bundles to their size budgets.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Bytes after `gzip -9`. */
const bundles = [
  { entry: 'lib/client/browser.ts', file: 'browser/client.js', budget: 6_144 },
  { entry: 'lib/client/worker.ts', file: 'browser/worker.js', budget: 6_144 }
]

/** Writes `browser/client.js` and `browser/worker.js` into a folder, and rejects when one of them is over its budget. */
export async function buildClient (folder = join(root, 'dist')) {
  const over = []
  for (const { entry, file, budget } of bundles) {
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: join(folder, file),
      bundle: true,
      format: 'iife',
      target: 'es2020',
      minify: true,
      logLevel: 'warning'
    })
    const bytes = readFileSync(join(folder, file))
    const size = gzipSync(bytes, { level: 9 }).length
    console.log(`${file}: ${bytes.length} B, ${size} B gzipped of ${budget} B`)
    if (size > budget) over.push(`${file} is ${size - budget} B over its budget of ${budget} B gzipped`)
  }
  if (over.length > 0) throw new Error(over.join('\n'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildClient()
