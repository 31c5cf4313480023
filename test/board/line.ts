import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import type { Test } from 'tap'

export interface Line {
  /** The address that stays, whichever server is behind it. */
  url: string
  /** Leads new connections to another port; null cuts all lines and refuses new ones. */
  leadTo: (port: number | null) => void
}

/** A line to a server that can be cut and led to another one, as when a server restarts behind one address. */
export async function openLine (t: Test, port: number): Promise<Line> {
  let target: number | null = port
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    if (target === null) return near.destroy()
    const far = connect(target, '127.0.0.1')
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  const cut = () => sockets.forEach((socket) => socket.destroy())
  t.teardown(() => {
    cut()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo (port) {
      target = port
      if (port === null) cut()
    }
  }
}
