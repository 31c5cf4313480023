import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder, without a slash at the end. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

/**
 * Runs a program in the repository to its end, with this process's output and
 * no input. What it starts by the name `node` is the Node asked for; a signal
 * that ends this process ends the program too.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ node?: string }} [options] `node`: the path of a Node binary, by default the one that runs this
 * @returns {Promise<number>} its exit code; 1 where it could not be started or a signal ended it
 */
export function run (command, args, { node = process.execPath } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` }
    })
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    const end = (signal) => {
      child.kill(signal)
      process.exit(1)
    }
    const settle = (code) => {
      for (const signal of signals) process.off(signal, end)
      resolve(code)
    }
    for (const signal of signals) process.once(signal, end)
    child.once('exit', (code) => settle(code ?? 1))
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`)
      settle(1)
    })
  })
}
