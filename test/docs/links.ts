import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { Page } from './page.ts'
import { root } from './page.ts'

/** The links of a page to files, pages and headings that are not there, as `page:line: target`. Links to other sites are left alone. */
export function brokenLinks (page: Page, pages: Page[]): string[] {
  return page.links
    .filter(({ target }) => !/^[a-z][a-z+.-]*:|^\/\//i.test(target) && !resolves(target, page, pages))
    .map(({ target, line }) => `${page.path}:${line}: ${target}`)
}

function resolves (target: string, page: Page, pages: Page[]): boolean {
  const [file = '', anchor] = decodeURIComponent(target).split('#')
  const path = file === '' ? page.path : posix.join(posix.dirname(page.path), file)
  if (path.startsWith('..') || file.startsWith('/')) return false

  const other = pages.find((candidate) => candidate.path === path)
  if (other === undefined) return existsSync(join(root, path))
  return anchor === undefined || other.anchors.includes(anchor)
}
