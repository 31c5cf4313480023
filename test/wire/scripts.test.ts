import t from 'tap'
import { startApp } from './app.ts'

for (const name of ['client.js', 'worker.js']) {
  t.test(name, async (t) => {
    t.test('is served to everybody, as a script and nothing else', async (t) => {
      const { url } = await startApp(t, { realtime: { preHandler: async () => { throw new Error('no') }, identify: () => { throw new Error('no') } } })
      const response = await fetch(`${url}/realtime/${name}`)
      t.equal(response.status, 200)
      t.match(Object.fromEntries(response.headers), {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=0, must-revalidate',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        etag: /^"[\w-]{16}"$/
      })
      t.match(await response.text(), /realtime:open/)
    })

    t.test('is not sent again to one who has it', async (t) => {
      const { url } = await startApp(t)
      const etag = (await fetch(`${url}/realtime/${name}`)).headers.get('etag')!
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const response = await fetch(`${url}/realtime/${name}`, { headers: { 'if-none-match': known } })
        t.equal(response.status, 304, known)
        t.equal(response.headers.get('etag'), etag)
        t.equal(await response.text(), '')
      }
      t.equal((await fetch(`${url}/realtime/${name}`, { headers: { 'if-none-match': '"other"' } })).status, 200)
    })

    t.test('never changes under the hash of its content', async (t) => {
      const { url } = await startApp(t)
      const hash = (await fetch(`${url}/realtime/${name}`)).headers.get('etag')!.slice(1, -1)
      const cacheControl = async (v: string): Promise<string | null> => (await fetch(`${url}/realtime/${name}?v=${v}`)).headers.get('cache-control')
      t.equal(await cacheControl(hash), 'public, max-age=31536000, immutable')
      t.equal(await cacheControl('other'), 'public, max-age=0, must-revalidate')
    })

    t.test('may be loaded by a script tag of another site, but not by a foreign page\'s code', async (t) => {
      const { url } = await startApp(t, { realtime: { origins: ['https://www.example.com'] } })
      const get = async (headers: Record<string, string>): Promise<Response> => await fetch(`${url}/realtime/${name}`, { headers })
      t.equal((await get({ 'sec-fetch-site': 'cross-site' })).status, 200)
      t.equal((await get({ origin: 'https://evil.example' })).status, 403)
      const listed = await get({ origin: 'https://www.example.com' })
      t.equal(listed.status, 200)
      t.equal(listed.headers.get('access-control-allow-origin'), 'https://www.example.com')
    })
  })
}
