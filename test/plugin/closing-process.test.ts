import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const program = fileURLToPath(new URL('one-life.ts', import.meta.url))

for (const protocol of ['http1', 'http2']) {
  t.test(`after closing nothing keeps the process alive (${protocol})`, async (t) => {
    const child = spawn(process.execPath, [...process.execArgv, program, protocol], { stdio: ['ignore', 'pipe', 'pipe'] })
    t.teardown(() => child.kill('SIGKILL'))
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    t.equal(errors, '')
    t.equal(output, 'closed with 0 connections\n')
    t.equal(code, 0)
  })
}
