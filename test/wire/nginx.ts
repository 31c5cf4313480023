import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Runs nginx in front of what the `http` block says, on the Unix socket of each name; killed when the test is over. Returns the folder of the sockets. */
export async function startNginx (t: Test, http: (folder: string) => string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fastify-realtime-nginx-'))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')
  await writeFile(`${folder}/nginx.conf`, `
    daemon off;
    master_process off;
    pid ${folder}/nginx.pid;
    error_log stderr notice;
    events {}
    http {
      access_log off;
      ${temporary}
      ${http(folder)}
    }
  `)
  const program = ['/usr/sbin/nginx', '/sbin/nginx'].find((path) => existsSync(path)) ?? 'nginx'
  const nginx = spawn(program, ['-p', folder, '-e', 'stderr', '-c', `${folder}/nginx.conf`], { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(nginx, 'exit')
  t.teardown(async () => {
    nginx.kill('SIGKILL')
    await exited
    await rm(folder, { recursive: true })
  })
  let log = ''
  nginx.stderr.setEncoding('utf8')
  await new Promise<void>((resolve, reject) => {
    nginx.stderr.on('data', (text: string) => {
      log += text
      if (log.includes('getrlimit')) resolve()
    })
    exited.then(() => { reject(new Error(`nginx did not start: ${log}`)) }, reject)
  })
  return folder
}
