import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import * as rules from './architecture/rules.ts'
import type { Parts } from './architecture/rules.ts'
import { parseSource, readSources } from './architecture/source.ts'

/**
 * Which files make up a part, and what they may import. Down to `plugin` the
 * order is that of the layers: an import points to the same or an earlier one.
 * Hub, connection and transport know each other through `types` alone.
 */
const parts: Parts = {
  types: { files: ['types/'], sees: [] },
  errors: { files: ['lib/errors.ts'], sees: ['types'] },
  protocol: { files: ['lib/protocol/'], sees: ['types', 'errors'] },
  log: { files: ['lib/log/'], sees: ['types', 'errors', 'protocol'] },
  backplane: { files: ['lib/backplane/'], sees: ['types', 'errors', 'protocol', 'log'] },
  hub: { files: ['lib/hub/'], sees: ['types', 'errors', 'protocol', 'log', 'backplane'] },
  connection: { files: ['lib/connection/'], sees: ['types', 'errors', 'protocol', 'log', 'backplane'] },
  transport: { files: ['lib/transport/'], sees: ['types', 'errors', 'protocol', 'log', 'backplane'] },
  http: {
    files: ['lib/http/'],
    sees: ['types', 'errors', 'protocol', 'log', 'backplane', 'hub', 'connection', 'transport']
  },
  plugin: {
    files: ['lib/index.ts', 'lib/plugin.ts', 'lib/options.ts', 'lib/realtime.ts', 'lib/absent.ts'],
    sees: [
      'types', 'errors', 'protocol', 'log', 'backplane', 'hub', 'connection', 'transport', 'http',
      'models', 'publisher'
    ]
  },

  models: { files: ['lib/models/'], sees: ['types', 'errors', 'protocol'] },
  publisher: { files: ['lib/publisher.ts'], sees: ['types', 'errors', 'protocol'] },
  client: { files: ['lib/client/'], sees: ['types', 'protocol'] }
}

/** Runs in browsers: neither it nor what it reaches may import a package or a module of Node. */
const browserPart = 'client'

/** The one file that constructs the classes of other parts. */
const compositionRoot = 'lib/plugin.ts'

/** Classes whose instances are plain values, which any part may construct. */
const values: string[] = []

const maxLines = 300
const maxMedianLines = 99
const bannedNames = ['util', 'utils', 'helper', 'helpers', 'manager', 'managers', 'service', 'services', 'common']

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
const all = readSources(root, ['lib', 'types'])
const lib = all.filter(({ path }) => path.startsWith('lib/'))
const types = all.filter(({ path }) => path.startsWith('types/'))
const composed = all.filter(({ path }) => path !== compositionRoot)

t.test('every file belongs to a part', async (t) => {
  t.same(rules.everyFileHasAPart(all, parts), [])
})

t.test('every file imports only what its part may see', async (t) => {
  t.same(rules.importsFollowTheTable(all, parts), [])
})

t.test('no import leads back to its own file', async (t) => {
  t.same(rules.importsHaveNoCycle(lib), [])
})

t.test('the client reaches no package and nothing of Node', async (t) => {
  t.same(rules.reachesNoPackage(all, parts, browserPart), [])
})

t.test('every imported package is declared', async (t) => {
  t.same(rules.packagesAreDeclared(all, declared), [])
})

t.test('types/ holds nothing but types', async (t) => {
  t.same(rules.isTypeOnly(types), [])
})

t.test(`only ${compositionRoot} constructs the classes of other parts`, async (t) => {
  t.same(rules.constructsOwnPartsOnly(composed, parts, values), [])
})

t.test('nothing awaits at the top level', async (t) => {
  t.same(rules.awaitsInFunctionsOnly(lib), [])
})

t.test(`no file is longer than ${maxLines} lines, and the median is at most ${maxMedianLines}`, async (t) => {
  t.same(rules.isShort(lib, maxLines), [])
  t.ok(rules.medianLines(lib) <= maxMedianLines, `the median is ${rules.medianLines(lib)}`)
})

t.test('every file name says what is in the file', async (t) => {
  t.same(rules.namesSaySomething(all, bannedNames), [])
})

t.test('the rules themselves notice', async (t) => {
  const parse = (files: Record<string, string>) =>
    Object.entries(files).map(([path, text]) => parseSource(path, text))

  t.test('a file outside every part', async (t) => {
    const sources = parse({ 'lib/loose.ts': '', 'lib/hub/hub.ts': '' })
    t.same(rules.everyFileHasAPart(sources, parts), ['lib/loose.ts: belongs to no part'])
  })

  const forbidden = [
    ['lib/protocol/names.ts', '../hub/hub.ts'],
    ['lib/hub/hub.ts', '../connection/connection.ts'],
    ['lib/connection/connection.ts', '../hub/hub.ts'],
    ['lib/connection/connection.ts', '../transport/sse.ts'],
    ['lib/transport/sse.ts', '../connection/connection.ts'],
    ['lib/transport/sse.ts', '../hub/hub.ts'],
    ['lib/http/gate.ts', '../options.ts'],
    ['lib/models/scope.ts', '../backplane/memory.ts'],
    ['lib/publisher.ts', './models/scope.ts'],
    ['lib/client/index.ts', '../errors.ts'],
    ['types/message.ts', '../lib/errors.ts']
  ] as const
  for (const [path, specifier] of forbidden) {
    t.test(`an import of ${specifier} by ${path}`, async (t) => {
      const ways = [`import '${specifier}'`, `import type { X } from '${specifier}'`, `export * from '${specifier}'`,
        `function f () { return import('${specifier}') }`, `let x: import('${specifier}').X`]
      for (const way of ways) t.equal(rules.importsFollowTheTable(parse({ [path]: way }), parts).length, 1, way)
    })
  }

  t.test('an import of a file outside every part', async (t) => {
    const sources = parse({ 'lib/hub/hub.ts': "import '../../test/x.ts'" })
    t.same(rules.importsFollowTheTable(sources, parts), ['lib/hub/hub.ts:1: hub must not import test/x.ts (no part)'])
  })

  t.test('no import that follows the table', async (t) => {
    const sources = parse({ 'lib/hub/hub.ts': "import '../log/ring.ts'\nimport './group.ts'\nimport '../../types/hub.ts'" })
    t.same(rules.importsFollowTheTable(sources, parts), [])
  })

  t.test('a cycle, also of types', async (t) => {
    const sources = parse({
      'lib/a.ts': "import './b.ts'",
      'lib/b.ts': "import type { C } from './c.ts'",
      'lib/c.ts': "import './b.ts'"
    })
    t.same(rules.importsHaveNoCycle(sources), ['lib/b.ts: imports itself: lib/b.ts → lib/c.ts → lib/b.ts'])
  })

  t.test('a package or a module of Node behind what the client imports', async (t) => {
    const sources = parse({
      'lib/client/index.ts': "import '../protocol/cursor.ts'\nimport react from 'react'",
      'lib/protocol/cursor.ts': "import './names.ts'",
      'lib/protocol/names.ts': "import { Buffer } from 'node:buffer'",
      'lib/protocol/frame.ts': "import { Buffer } from 'node:buffer'"
    })
    t.same(rules.reachesNoPackage(sources, parts, browserPart), [
      'lib/client/index.ts:2: client reaches this file, so it must not import react',
      'lib/protocol/names.ts:1: client reaches this file, so it must not import node:buffer'
    ])
  })

  t.test('a package that is not declared, or is for types alone', async (t) => {
    const sources = parse({
      'lib/a.ts': "import '@scope/a/b'\nimport 'b/c'\nimport type { X } from 'd'\nimport { Y } from 'd'\nimport 'fs'\nimport 'node:fs'"
    })
    t.same(rules.packagesAreDeclared(sources, ['b', '@types/d']), [
      'lib/a.ts:1: @scope/a is neither a dependency nor a peer dependency',
      'lib/a.ts:4: d is neither a dependency nor a peer dependency',
      'lib/a.ts:5: write node:fs'
    ])
  })

  const code = ['const a = 1', 'class A {}', 'export function a () {}', "import 'a'", "import { type A } from 'a'",
    "export * from './a.ts'", 'declare const a: unique symbol', 'enum A {}', 'namespace A { let a = 1 }']
  for (const statement of code) {
    t.test(`that \`${statement}\` is not type-only`, async (t) => {
      t.same(rules.isTypeOnly(parse({ 'types/a.ts': statement })), ['types/a.ts:1: is not type-only code'])
    })
  }

  t.test('that types are', async (t) => {
    const text = "import type { A } from 'a'\nexport type { B } from './b.ts'\nexport interface C {}\ntype D = A\n" +
      "declare module 'fastify' { interface FastifyInstance { a: D } }"
    t.same(rules.isTypeOnly(parse({ 'types/a.ts': text })), [])
  })

  const constructions = [
    "import { Hub } from '../hub/hub.ts'\nnew Hub()",
    "import { Hub as Center } from '../hub/hub.ts'\nnew Center()",
    "import * as hub from '../hub/hub.ts'\nnew hub.Hub()",
    "import Center from '../hub/hub.ts'\nnew Center()"
  ]
  for (const text of constructions) {
    t.test(`a construction by ${text.split('\n')[1]}`, async (t) => {
      const sources = parse({ 'lib/hub/hub.ts': 'export default class Hub {}', 'lib/http/gate.ts': text })
      const expected = ['lib/http/gate.ts:2: must be given its Hub, not construct it']
      t.same(rules.constructsOwnPartsOnly(sources, parts, []), expected)
      t.same(rules.constructsOwnPartsOnly(sources, parts, ['Hub']), [])
    })
  }

  t.test('no construction of an own class, an error or a built-in one', async (t) => {
    const sources = parse({
      'lib/errors.ts': 'export class Refused extends Error {}',
      'lib/hub/group.ts': 'export class Group {}',
      'lib/hub/hub.ts': "import { Refused } from '../errors.ts'\nnew Map()\nnew Group()\nnew Refused()"
    })
    t.same(rules.constructsOwnPartsOnly(sources, parts, []), [])
  })

  for (const text of ['await 1', 'for await (const a of b) {}', 'await using a = b', 'if (a) { await b }']) {
    t.test(`\`${text}\` at the top level`, async (t) => {
      t.equal(rules.awaitsInFunctionsOnly(parse({ 'lib/a.ts': text })).length, 1)
      t.same(rules.awaitsInFunctionsOnly(parse({ 'lib/a.ts': `const f = async () => { ${text} }` })), [])
    })
  }

  t.test('a file that is too long', async (t) => {
    const sources = parse({ 'lib/a.ts': '\n'.repeat(3), 'lib/b.ts': '\n'.repeat(4), 'lib/c.ts': '' })
    t.same(rules.isShort(sources, 3), ['lib/b.ts: has 4 lines, more than 3'])
    t.equal(rules.medianLines(sources), 3)
  })

  t.test('a name that says nothing', async (t) => {
    const sources = parse({ 'lib/string-utils.ts': '', 'lib/common/a.ts': '', 'lib/hubManager.ts': '', 'lib/commonly.ts': '' })
    t.same(rules.namesSaySomething(sources, bannedNames), [
      "lib/string-utils.ts: 'utils' says nothing about what is in it",
      "lib/common/a.ts: 'common' says nothing about what is in it",
      "lib/hubManager.ts: 'manager' says nothing about what is in it"
    ])
  })
})
