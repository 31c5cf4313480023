import { builtinModules } from 'node:module'
import type { Source } from './source.ts'

/** A group of files under one rule about what they may import. */
export interface Part {
  /** Files, or folders with a slash at the end, from the repository's folder. */
  files: string[]
  /** The other parts that its files may import; its own they may always. */
  sees: string[]
}

export type Parts = Record<string, Part>

/** Each rule names what breaks it, as `file:line: what is wrong`. */
export type Violations = string[]

export function partOf (parts: Parts, path: string): string | undefined {
  return Object.keys(parts).find((name) =>
    parts[name]?.files.some((file) => file.endsWith('/') ? path.startsWith(file) : path === file))
}

export function everyFileHasAPart (sources: Source[], parts: Parts): Violations {
  return sources
    .filter(({ path }) => partOf(parts, path) === undefined)
    .map(({ path }) => `${path}: belongs to no part`)
}

export function importsFollowTheTable (sources: Source[], parts: Parts): Violations {
  return sources.flatMap(({ path, imports }) => imports.flatMap(({ target, line }) => {
    const part = partOf(parts, path)
    if (target === undefined || part === undefined) return []
    const other = partOf(parts, target)
    if (other === part) return []
    if (other !== undefined && parts[part]?.sees.includes(other)) return []
    return [`${path}:${line}: ${part} must not import ${target} (${other ?? 'no part'})`]
  }))
}

export function importsHaveNoCycle (sources: Source[]): Violations {
  const graph = new Map(sources.map(({ path, imports }) =>
    [path, imports.flatMap(({ target }) => target === undefined ? [] : [target])]))
  const done = new Set<string>()
  const violations: Violations = []

  function walk (path: string, trail: string[]): void {
    if (trail.includes(path)) {
      violations.push(`${path}: imports itself: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`)
      return
    }
    if (done.has(path)) return
    for (const target of graph.get(path) ?? []) walk(target, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) walk(path, [])
  return violations
}

/** Whatever the files of a part reach, through types or not, imports neither packages nor Node's modules. */
export function reachesNoPackage (sources: Source[], parts: Parts, part: string): Violations {
  const files = new Map(sources.map((source) => [source.path, source]))
  const reached = new Set(sources.map(({ path }) => path).filter((path) => partOf(parts, path) === part))
  for (const path of reached) {
    for (const { target } of files.get(path)?.imports ?? []) {
      if (target !== undefined && partOf(parts, target) !== 'types') reached.add(target)
    }
  }
  return [...reached].flatMap((path) => (files.get(path)?.imports ?? [])
    .filter(({ target }) => target === undefined)
    .map(({ specifier, line }) => `${path}:${line}: ${part} reaches this file, so it must not import ${specifier}`))
}

/** A type-only import may also be met by a declared `@types` package. */
export function packagesAreDeclared (sources: Source[], declared: string[]): Violations {
  return sources.flatMap(({ path, imports }) => imports.flatMap(({ specifier, target, typeOnly, line }) => {
    if (target !== undefined || specifier.startsWith('node:')) return []
    const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
    if (builtinModules.includes(name)) return [`${path}:${line}: write node:${specifier}`]
    if (declared.includes(name) || (typeOnly && declared.includes(`@types/${name}`))) return []
    return [`${path}:${line}: ${name} is neither a dependency nor a peer dependency`]
  }))
}

export function isTypeOnly (sources: Source[]): Violations {
  return sources.flatMap(({ path, runtimeCode }) =>
    runtimeCode.map((line) => `${path}:${line}: is not type-only code`))
}

/** No file constructs a class that another part declares. */
export function constructsOwnPartsOnly (sources: Source[], parts: Parts, allowed: string[]): Violations {
  const files = new Map(sources.map((source) => [source.path, source]))
  return sources.flatMap(({ path, constructions }) => constructions.flatMap(({ name, from, line }) => {
    const className = name === 'default' ? files.get(from ?? '')?.defaultClass : name
    if (className === undefined || allowed.includes(className)) return []
    const owners = sources.filter(({ classes }) => classes.includes(className)).map((owner) => partOf(parts, owner.path))
    if (owners.length === 0 || owners.includes(partOf(parts, path)) || owners.includes('errors')) return []
    return [`${path}:${line}: must be given its ${className}, not construct it`]
  }))
}

export function awaitsInFunctionsOnly (sources: Source[]): Violations {
  return sources.flatMap(({ path, topLevelAwaits }) =>
    topLevelAwaits.map((line) => `${path}:${line}: awaits at the top level, which breaks require()`))
}

export function isShort (sources: Source[], max: number): Violations {
  return sources
    .filter(({ lines }) => lines > max)
    .map(({ path, lines }) => `${path}: has ${lines} lines, more than ${max}`)
}

export function medianLines (sources: Source[]): number {
  const sorted = sources.map(({ lines }) => lines).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

export function namesSaySomething (sources: Source[], banned: string[]): Violations {
  return sources.flatMap(({ path }) => {
    const words = path.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase().split(/[^a-z]+/)
    return words
      .filter((word) => banned.includes(word))
      .map((word) => `${path}: '${word}' says nothing about what is in it`)
  })
}
