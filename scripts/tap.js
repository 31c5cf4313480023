import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './run.js'

/**
 * Runs test files with tap and counts their assertions. A run that breaks, or
 * that finds nothing to test, counts as one failure.
 *
 * @param {{ files?: string[], node?: string }} [options] `files`: what to run, by default every test; `node`: the path of the Node binary to run it on
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runTap ({ files = [], node } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'fastify-realtime-'))
  const output = join(folder, 'output.tap')
  try {
    const reporter = process.stdout.isTTY ? 'base' : 'min'
    const code = await run('node_modules/.bin/tap', [`--reporter=${reporter}`, `--output-file=${output}`, ...files], { node })
    const { pass, fail } = totals(output)
    if (fail > 0) console.log(failures(output))
    return { passed: pass, failed: fail === 0 && (code !== 0 || pass === 0) ? 1 : fail }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Reads the closing comment of a TAP file: `# { total: 9, pass: 4, fail: 2, todo: 2, skip: 1 }`. */
function totals (file) {
  const summary = readOrEmpty(file).match(/^# \{ (total: .*) \}$/m)?.[1] ?? ''
  const count = (name) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(summary)?.[1] ?? 0)
  return { pass: count('pass'), fail: count('fail') }
}

/** What failed, each with what tap says of it. */
function failures (file) {
  return readOrEmpty(file).match(/^ *not ok .*(?:\n( *)---\n(?:.*\n)*?\1\.\.\.$)?/gm)?.join('\n') ?? ''
}

function readOrEmpty (file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
