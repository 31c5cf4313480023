import { chromium, type Browser, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { deliver, startBoard } from './board.ts'
import { openLine } from './line.ts'
import { recorded } from './payloads.ts'

const flags = ['no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run', 'disable-background-networking', 'disable-component-update', 'disable-sync']

let browser: Browser
t.before(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags.map((flag) => `--${flag}`) })
})
t.teardown(() => browser.close())

/** Two tabs of one browser, both connected. */
async function twoTabs (t: Test, url: string): Promise<[Page, Page]> {
  const context = await browser.newContext()
  t.teardown(() => context.close())
  const open = async () => {
    const page = await context.newPage()
    page.on('pageerror', (error) => t.fail(error.message))
    page.on('console', (message) => message.text().includes('Content Security Policy') && t.fail(message.text()))
    await page.goto(url)
    await connected(page)
    return page
  }
  return [await open(), await open()]
}

const connected = async (page: Page) => {
  await page.waitForSelector('#status[data-state=connected]')
  await page.waitForSelector('.card')
}

async function signIn (page: Page): Promise<void> {
  await page.click('#account >> text=Sign in')
  await page.fill('#sign-in [name=name]', 'Ada')
  await page.click('#sign-in .primary')
  await page.waitForSelector('#account .name')
  await connected(page)
}

t.test('both pages show what a webhook brings', async (t) => {
  const { url } = await startBoard(t)
  const pages = await twoTabs(t, url)
  await deliver(url, 'issues', recorded('issues', 'opened'))
  for (const page of pages) {
    await page.waitForSelector('[data-column=open] .card >> text=Spelling error in the README file')
    await page.waitForSelector('#feed >> text=issue opened')
  }
})

t.test('a click in one page shows in both', async (t) => {
  const { url } = await startBoard(t)
  const [first, second] = await twoTabs(t, url)
  await signIn(first)
  await first.click('.card >> text=Open this page in a second tab and close me there')
  await first.click('#toggle')
  for (const page of [first, second]) await page.waitForSelector('[data-column=done] .card >> text=Open this page in a second tab')
})

t.test('a comment written in one page shows in the other', async (t) => {
  const { url } = await startBoard(t)
  const [first, second] = await twoTabs(t, url)
  await signIn(first)
  for (const page of [first, second]) await page.click('.card >> text=Stop the server and start it again')
  await second.waitForSelector('.panel .remarks')
  await first.fill('.panel textarea', '<b>Done</b>')
  await first.click('.panel .writing .primary')
  for (const page of [first, second]) await page.waitForSelector('.panel .remark >> text=<b>Done</b>')
  t.equal(await second.locator('.panel .remark').count(), 1)
  t.equal(await first.locator('.panel .remark').count(), 1)
})

t.test('a private room opens to those who become members', async (t) => {
  const { url } = await startBoard(t)
  const [first, second] = await twoTabs(t, url)
  await signIn(first)
  for (const page of [first, second]) await page.goto(`${url}/#/rooms/board`)
  await second.waitForSelector('.panel .locked')
  await first.click('.panel >> text=Become a member')
  await first.fill('.panel textarea', 'between us')
  await first.click('.panel .writing .primary')
  await first.waitForSelector('.panel .remark >> text=between us')
})

t.test('the page comes back after a restart and fetches what it missed', async (t) => {
  const before = await startBoard(t)
  const line = await openLine(t, before.port)
  const [page] = await twoTabs(t, line.url)
  line.leadTo(null)
  await before.app.close()
  await page.waitForSelector('#status[data-state=reconnecting] >> text=Reconnecting')

  const after = await startBoard(t, before.database)
  await deliver(after.url, 'issues', recorded('issues', 'opened'))
  line.leadTo(after.port)
  await connected(page)
  await page.waitForSelector('.card >> text=Spelling error in the README file')
})
