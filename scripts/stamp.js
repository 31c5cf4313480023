import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './run.js'

const file = join(root, 'node_modules/.cache/fastify-realtime/build')
const sources = [
  'lib', 'types', 'scripts', 'package.json', 'package-lock.json',
  'tsconfig.json', 'tsconfig.build.json', 'tsconfig.client.json'
]

/** Whether `dist` is, byte for byte, what the last whole build made of the present sources. */
export function isFresh () {
  return existsSync(file) && readFileSync(file, 'utf8') === digest()
}

/** Remembers that `dist` was built from the present sources. */
export function stamp () {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, digest())
}

/** Forgets what `dist` was built from. */
export function unstamp () {
  rmSync(file, { force: true })
}

function digest () {
  const hash = createHash('sha256')
  for (const path of [...sources, 'dist'].flatMap(filesUnder)) {
    const content = readFileSync(join(root, path))
    hash.update(`${path}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

function filesUnder (path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false })
  if (stats === undefined) return []
  if (stats.isFile()) return [path]
  return readdirSync(join(root, path)).sort().flatMap((name) => filesUnder(`${path}/${name}`))
}
