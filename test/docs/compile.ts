import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import type { Page, Snippet } from './page.ts'
import { root } from './page.ts'

/** Type-checks snippets as modules that stand beside their page; what is wrong, as `page:line: message`. */
export function checkSnippets (pages: Page[], language: Snippet['language']): string[] {
  const modules = new Map<string, { page: Page, snippet: Snippet }>()
  for (const page of pages) {
    for (const snippet of page.snippets.filter((candidate) => candidate.language === language)) {
      modules.set(join(root, `${page.path}.${snippet.line}.${language}`), { page, snippet })
    }
  }

  const program = compile(modules, language)
  const problems = program.getOptionsDiagnostics().map((diagnostic) => textOf(diagnostic))
  for (const [name, { page, snippet }] of modules) {
    const file = program.getSourceFile(name)
    for (const diagnostic of [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]) {
      problems.push(`${page.path}:${lineInPage(diagnostic, snippet)}: ${textOf(diagnostic)}`)
    }
  }
  return problems
}

/** A snippet as a module: the setup, then the code. */
export function moduleOf ({ setup, code }: Snippet): string {
  return `${setup}\n${code}\n`
}

function compile (modules: Map<string, { snippet: Snippet }>, language: Snippet['language']): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    rewriteRelativeImportExtensions: true,
    types: ['node'],
    strict: language === 'ts',
    allowJs: language === 'js',
    checkJs: language === 'js',
    skipLibCheck: true,
    noEmit: true,
    paths: entryPoints()
  }
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  const textOfModule = (name: string): string | undefined => {
    const module = modules.get(name)
    return module && moduleOf(module.snippet)
  }
  host.fileExists = (name) => modules.has(name) || fileExists.call(host, name)
  host.readFile = (name) => textOfModule(name) ?? readFile.call(host, name)
  host.getSourceFile = (name, version, ...rest) => {
    const text = textOfModule(name)
    return text === undefined ? getSourceFile.call(host, name, version, ...rest) : ts.createSourceFile(name, text, version)
  }
  host.getCurrentDirectory = () => root
  return ts.createProgram([...modules.keys()], options, host)
}

/** The package's entry points, each mapped to the source it is built from. */
function entryPoints (): Record<string, string[]> {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const sources: Record<string, string[]> = {}
  for (const [subpath, target] of Object.entries<string | { default: string }>(exports)) {
    if (typeof target === 'string') continue
    const source = target.default.replace('./dist/', '').replace(/\.js$/, '.ts')
    sources[join(name, subpath)] = [join(root, source)]
  }
  return sources
}

function lineInPage ({ file, start }: ts.Diagnostic, { setup, line }: Snippet): number {
  if (file === undefined || start === undefined) return line
  const setupLines = setup.split('\n').length
  return Math.max(line, line + 1 + file.getLineAndCharacterOfPosition(start).line - setupLines)
}

function textOf ({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, '\n')
}
