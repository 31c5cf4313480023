import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** A page of the documentation. Lines count from 1. */
export interface Page {
  /** From the repository's folder, with forward slashes. */
  path: string
  text: string
  snippets: Snippet[]
  links: Link[]
  /** What `#…` may name on this page. */
  anchors: string[]
}

/** A fenced block of TypeScript or JavaScript. */
export interface Snippet {
  language: 'ts' | 'js'
  /** It is marked `run`: it must work, and end, by itself. */
  runs: boolean
  /** What a `<!-- setup: … -->` right above the fence adds before the code. */
  setup: string
  code: string
  line: number
}

export interface Link {
  target: string
  line: number
}

/** The readme, the pages beside it, and those of docs. */
export function readPages (): Page[] {
  const docs = existsSync(join(root, 'docs')) ? readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }) : []
  return [...readdirSync(root), ...docs.map((name) => posix.join('docs', name))]
    .filter((path) => path.endsWith('.md'))
    .sort()
    .map((path) => parsePage(path, readFileSync(join(root, path), 'utf8')))
}

export function parsePage (path: string, text: string): Page {
  const page: Page = { path, text, snippets: [], links: [], anchors: [] }
  const prose: string[] = []
  let fence: { closing: RegExp, indent: number, snippet: Snippet | undefined, lines: string[] } | undefined

  for (const [index, line] of text.split('\n').entries()) {
    if (fence !== undefined) {
      if (!fence.closing.test(line)) {
        fence.lines.push(line.slice(Math.min(fence.indent, line.search(/\S|$/))))
        continue
      }
      if (fence.snippet !== undefined) page.snippets.push({ ...fence.snippet, code: fence.lines.join('\n') })
      fence = undefined
      prose.push('')
      continue
    }
    const opening = /^( *)(`{3,}|~{3,})(.*)$/.exec(line)
    if (opening === null) {
      prose.push(line)
      readProse(page, line, index + 1)
      continue
    }
    const [, indent = '', marks = '', info = ''] = opening
    fence = {
      closing: new RegExp(`^ *${marks}[${marks[0]}]* *$`),
      indent: indent.length,
      snippet: describe(info, setupAbove(prose), index + 1),
      lines: []
    }
  }
  if (fence !== undefined) throw new Error(`${path}: a fence is not closed`)
  return page
}

function describe (info: string, setup: string, line: number): Snippet | undefined {
  const [name = '', ...marks] = info.trim().split(/\s+/)
  const language = ({ ts: 'ts', typescript: 'ts', js: 'js', javascript: 'js', mjs: 'js' } as const)[name]
  return language === undefined ? undefined : { language, runs: marks.includes('run'), setup, code: '', line }
}

/** The code of a setup comment that ends the prose so far. */
function setupAbove (prose: string[]): string {
  const comments = prose.join('\n').trimEnd().split('<!--')
  return /^\s*setup:([^]*)-->$/.exec(comments.at(-1) ?? '')?.[1]?.trim() ?? ''
}

function readProse (page: Page, line: string, number: number): void {
  const heading = /^#{1,6} +(.*?) *#*$/.exec(line)
  if (heading !== null) page.anchors.push(unique(page.anchors, slug(heading[1] ?? '')))
  for (const [, anchor = ''] of line.matchAll(/<a (?:id|name)="([^"]+)"/g)) page.anchors.push(anchor)

  const withoutCode = line.replace(/(`+).*?\1/g, '')
  const inline = withoutCode.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)
  const definitions = withoutCode.matchAll(/^ {0,3}\[[^\]]+\]: *(\S+)/g)
  const html = withoutCode.matchAll(/\b(?:href|src)="([^"]+)"/g)
  for (const [, target = ''] of [...inline, ...definitions, ...html]) page.links.push({ target, line: number })
}

/** The name GitHub gives to a heading. */
function slug (heading: string): string {
  const words = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/<[^>]+>/g, '')
  return words.toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-')
}

function unique (taken: string[], name: string): string {
  let result = name
  for (let n = 1; taken.includes(result); n++) result = `${name}-${n}`
  return result
}
