import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Manifest {
  exports: Record<string, string | Record<string, string>>
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
}

/** A project outside the repository that has installed the packed package. */
export interface Consumer {
  /** What the tarball holds, from the package's folder, sorted. */
  files: string[]
  /** The installed package.json. */
  manifest: Manifest
  /** Writes a file of the project. */
  write: (name: string, content: string) => void
  /** Runs a file of the project with Node; resolves with what it wrote to stderr, rejects where it fails. */
  run: (name: string) => Promise<string>
  /** Type-checks files of the project; resolves with what tsc says, empty where all is well. */
  check: (...names: string[]) => Promise<string>
  remove: () => void
}

/**
 * Packs the built package and installs it as a registry would: beside it stand
 * its dependencies, its peers and Node's types, and nothing else of this
 * repository's.
 */
export async function createConsumer (): Promise<Consumer> {
  if (!existsSync(join(root, 'dist'))) throw new Error('There is no dist to pack: npm run build')
  const project = mkdtempSync(join(tmpdir(), 'fastify-realtime-consumer-'))
  const modules = join(project, 'node_modules')
  const installed = join(modules, 'fastify-realtime')
  mkdirSync(installed, { recursive: true })
  writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "private": true }')

  const packed = await execute('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project], { cwd: root })
  const tarball = join(project, packed.stdout.trim())
  const listing = await execute('tar', ['-tzf', tarball])
  await execute('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])

  const manifest: Manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  for (const name of [...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }), '@types/node']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }

  const compilerOptions = { module: 'nodenext', strict: true, noEmit: true, skipLibCheck: false, types: ['node'] }
  return {
    files: listing.stdout.trim().split('\n').map((path) => path.replace(/^package\//, '')).sort(),
    manifest,
    write: (name, content) => writeFileSync(join(project, name), content),
    run: async (name) => (await execute(process.execPath, [name], { cwd: project })).stderr,
    check: async (...names) => {
      writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: names }))
      const tsc = execute(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.', '--pretty', 'false'], { cwd: project })
      return (await tsc.catch((error) => error)).stdout
    },
    remove: () => rmSync(project, { recursive: true })
  }
}
