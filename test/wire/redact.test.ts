import t from 'tap'
import { redactUrl } from '../../lib/index.ts'

const urls: Record<string, string> = {
  '/sse': '/sse',
  '/sse?': '/sse?',
  '/sse?groups=a,b&after=1-2': '/sse?groups=a,b&after=1-2',
  '/sse?ticket=abc': '/sse?ticket=redacted',
  '/sse?access_token=abc': '/sse?access_token=redacted',
  '/sse?groups=a&ticket=abc&x=1': '/sse?groups=a&ticket=redacted&x=1',
  '/sse?ticket=abc&access_token=def': '/sse?ticket=redacted&access_token=redacted',
  '/sse?ticket=abc&ticket=def': '/sse?ticket=redacted&ticket=redacted',
  '/sse?ticket=abc#part': '/sse?ticket=redacted#part',
  '/sse?ticket=a=b=c': '/sse?ticket=redacted',
  '/sse?ticket=a?b?c': '/sse?ticket=redacted',
  '/sse?ticket=a%26b': '/sse?ticket=redacted',
  '/sse?ticket=a;b': '/sse?ticket=redacted',
  '/sse?TICKET=abc': '/sse?TICKET=redacted',
  '/sse?Access_Token=abc': '/sse?Access_Token=redacted',
  '/sse?%74icket=abc': '/sse?%74icket=redacted',
  '/sse?access%5ftoken=abc': '/sse?access%5ftoken=redacted',
  '/sse?%zz=1&ticket=abc': '/sse?%zz=1&ticket=redacted',
  '/sse?my_ticket=abc&tickets=2&access_token_hint=x': '/sse?my_ticket=abc&tickets=2&access_token_hint=x',
  '/ticket=abc': '/ticket=abc',
  'https://app.example/sse?ticket=abc': 'https://app.example/sse?ticket=redacted',
  '': ''
}

for (const [url, redacted] of Object.entries(urls)) {
  t.test(`redactUrl(${JSON.stringify(url)})`, async (t) => {
    t.equal(redactUrl(url), redacted)
  })
}

t.test('a URL of any length is redacted in one go', async (t) => {
  t.equal(redactUrl(`/sse?${'ticket=a&'.repeat(10_000)}`), `/sse?${'ticket=redacted&'.repeat(10_000)}`)
  t.equal(redactUrl('?'.repeat(100_000)), '?'.repeat(100_000))
})
