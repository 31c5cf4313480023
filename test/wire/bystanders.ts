import type { Test } from 'tap'
import type { App } from './app.ts'
import { openSocket } from './socket.ts'
import { openStream } from './stream.ts'

/** Connections that have nothing to do with what a test does; the function resolves with what each is sent then. */
export async function bystanders (t: Test, { app, url }: App): Promise<() => Promise<unknown[]>> {
  const query = 'groups=public:bystanders'
  const all = [(await openStream(t, `${url}/realtime/sse?${query}`)).messages, (await openSocket(t, `${url}/realtime/ws?${query}`)).messages]
  let count = 0
  return async () => {
    const number = ++count
    await app.realtime.toGroup('public:bystanders').send('number', number)
    return (await Promise.all(all.map((messages) => messages.until(({ data }) => data === number)))).map(({ data }) => data)
  }
}
