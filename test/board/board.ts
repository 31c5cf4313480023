import { createHmac, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { buildApp } from '../../examples/board/app.js'

export const webhookSecret = 'the secret of the webhook'

export interface Board {
  app: FastifyInstance
  url: string
  port: number
  /** Path of the database file. */
  database: string
}

/** A directory that the test leaves behind empty. */
export async function temporaryDirectory (t: Test): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'board-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** The example app, listening on a free port, by default with a database of its own. */
export async function startBoard (t: Test, database?: string): Promise<Board> {
  database ??= join(await temporaryDirectory(t), 'board.db')
  const app = await buildApp({ database, cookieSecret: 'the secret of the cookie', webhookSecret })
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { app, database, port, url: `http://127.0.0.1:${port}` }
}

/** Signs in and returns the `cookie` header of that visitor. */
export async function signIn (url: string, name: string): Promise<string> {
  const response = await request(url, 'POST', '/api/session', { name })
  return response.headers.getSetCookie()[0]!.split(';')[0]!
}

export function request (url: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url + path, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: body === undefined ? null : JSON.stringify(body)
  })
}

/** The header by which GitHub proves a body. */
export function signatureOf (body: string, secret = webhookSecret): string {
  return 'sha256=' + createHmac('sha256', secret).update(body).digest('hex')
}

/** Posts a webhook as GitHub does; resolves with the response. */
export function deliver (url: string, event: string, payload: unknown, { signature, id = randomUUID() as string }: { signature?: string, id?: string } = {}): Promise<Response> {
  const body = JSON.stringify(payload)
  return fetch(`${url}/webhooks/github`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': id,
      'x-hub-signature-256': signature ?? signatureOf(body)
    }
  })
}
