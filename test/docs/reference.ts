import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readOptions } from '../../lib/options.ts'
import type { Page } from './page.ts'
import { root } from './page.ts'

/** The codes of the error table. */
export function errorCodes (): string[] {
  const source = readFileSync(join(root, 'lib/errors.ts'), 'utf8')
  return [...new Set(Array.from(source.matchAll(/'(FST_REALTIME_[A-Z_]*[A-Z])'/g), ([, code = '']) => code))]
}

/** The options of the plugin by their dotted paths, as lib/options.ts fills them in. */
export function optionPaths (): string[] {
  return pathsOf(readOptions({}), '')
}

function pathsOf (options: object, prefix: string): string[] {
  return Object.entries(options).flatMap(([name, value]: [string, unknown]) =>
    [prefix + name, ...(isPlainObject(value) ? pathsOf(value, `${prefix}${name}.`) : [])])
}

function isPlainObject (value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** Which names a page does not mention in code style; of a dotted path, its last part is enough. */
export function unmentioned (names: string[], page: Page | undefined): string[] {
  const spans = Array.from((page?.text ?? '').matchAll(/`([^`\n]+)`/g), ([, code = '']) => code)
  return names.filter((name) => !spans.includes(name) && !spans.includes(name.split('.').at(-1) ?? name))
}
