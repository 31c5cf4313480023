import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Test } from 'tap'

export interface SilentProxy {
  readonly url: string
  /** From now on neither side hears anything of the other, and no line is closed. */
  silence (): void
}

/** Stands between a client and a server, until the test is over. */
export async function createSilentProxy (t: Test, url: string): Promise<SilentProxy> {
  const sockets: Socket[] = []
  const server = createServer((client) => {
    const upstream = connect({ port: Number(new URL(url).port), host: '127.0.0.1' })
    for (const socket of [client, upstream]) {
      socket.on('error', () => {})
      sockets.push(socket)
    }
    client.pipe(upstream).pipe(client)
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silence: () => {
      for (const socket of sockets) {
        socket.unpipe()
        socket.pause()
      }
    }
  }
}
