import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import ts from 'typescript'
import { checkSnippets, moduleOf } from './docs/compile.ts'
import { brokenLinks } from './docs/links.ts'
import { parsePage, readPages } from './docs/page.ts'
import { errorCodes, optionPaths, unmentioned } from './docs/reference.ts'

const execute = promisify(execFile)
const pages = readPages()
const page = (path: string) => pages.find((candidate) => candidate.path === path)

t.test('the readme shows how to start', async (t) => {
  t.not(page('README.md')?.snippets.length ?? 0, 0)
})

for (const language of ['ts', 'js'] as const) {
  t.test(`every ${language} snippet compiles`, async (t) => {
    t.same(checkSnippets(pages, language), [])
  })
}

for (const { path, snippets } of pages) {
  for (const snippet of snippets.filter(({ runs }) => runs)) {
    t.test(`the snippet at ${path}:${snippet.line} runs`, async (t) => {
      const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }
      const { outputText } = ts.transpileModule(moduleOf(snippet), { compilerOptions: options })
      const folder = t.testdir({ 'snippet.mjs': outputText })
      await t.resolves(execute(process.execPath, [join(folder, 'snippet.mjs')], { cwd: folder, timeout: 20_000 }))
    })
  }
}

t.test('every link within the project leads somewhere', async (t) => {
  t.same(pages.flatMap((page) => brokenLinks(page, pages)), [])
})

t.test('every error code is explained', async (t) => {
  const codes = errorCodes()
  t.not(codes.length, 0)
  t.same(unmentioned(codes, page('docs/errors.md')), [])
})

t.test('every option is explained', async (t) => {
  const paths = optionPaths()
  t.ok(paths.includes('limits.maxConnections'))
  t.same(unmentioned(paths, page('docs/options.md')), [])
})

t.test('the checks themselves notice', async (t) => {
  const parse = (...lines: string[]) => parsePage('docs/example.md', lines.join('\n'))

  t.test('where a snippet is wrong', async (t) => {
    const ts = parse('', '```ts', 'export const a = 1', 'export const b: string = a', '```')
    t.match(checkSnippets([ts], 'ts'), [/^docs\/example\.md:4: Type 'number' is not assignable/])
    t.same(checkSnippets([ts], 'js'), [])

    const js = parse('~~~js', 'missing()', '~~~')
    t.match(checkSnippets([js], 'js'), [/^docs\/example\.md:2: Cannot find name 'missing'/])
  })

  t.test('where a snippet that needs its setup is wrong', async (t) => {
    const sound = parse('<!-- setup: const a = 1', 'const b = 2 -->', '', '```ts', 'export const c = a + b', '```')
    t.same(checkSnippets([sound], 'ts'), [])

    const wrong = parse('<!-- setup: const a = 1', 'const b = 2 -->', '', '```ts', '', 'export const c: string = a + b', '```')
    t.match(checkSnippets([wrong], 'ts'), [/^docs\/example\.md:6: Type 'number' is not assignable/])
  })

  t.test('which snippets there are', async (t) => {
    const { snippets } = parse('```js run', '1', '```', '- item', '  ```ts', '  a', '    b', '  ```', '```sh', 'ls', '```',
      '````md', '```ts', '```', '````')
    t.match(snippets, [
      { language: 'js', runs: true, setup: '', code: '1', line: 1 },
      { language: 'ts', runs: false, setup: '', code: 'a\n  b', line: 5 }
    ])
    t.equal(snippets.length, 2)
  })

  t.test('a fence that is not closed', async (t) => {
    t.throws(() => parse('```ts', 'a'), /docs\/example\.md: a fence is not closed/)
  })

  t.test('links that lead nowhere', async (t) => {
    const other = parsePage('docs/other.md', '# A `b`, c!\n# Twice\n# Twice\n<a id="here"></a>')
    const example = parse(
      '[a](other.md) [b](other.md#a-b-c) [c](other.md#twice-1) [d](other.md#here) [e](../package.json) [f](https://x.example/y)',
      '# Own', '[g](#own) `[h](code.md)`',
      '[i](missing.md) [j](other.md#missing) [k](#missing) [l](/docs/other.md) <img src="missing.svg"> [m](../../x)', '[n]: missing.md')
    t.same(brokenLinks(example, [example, other]).map((link) => link.replace('docs/example.md:', '')), [
      '4: missing.md', '4: other.md#missing', '4: #missing', '4: /docs/other.md', '4: ../../x', '4: missing.svg', '5: missing.md'
    ])
  })

  t.test('names that are not explained', async (t) => {
    const names = ['prefix', 'limits.maxLag', 'limits.hookTimeout']
    t.same(unmentioned(names, parse('`prefix` and `limits.maxLag`, hookTimeout')), ['limits.hookTimeout'])
    t.same(unmentioned(names, parse('`prefix`, `maxLag` and `hookTimeout`')), [])
    t.same(unmentioned(names, undefined), names)
  })
})
