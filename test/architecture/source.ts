import { readFileSync, readdirSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'

/** One source file, as far as the rules of the architecture look at it. Lines count from 1. */
export interface Source {
  /** From the repository's folder, with forward slashes. */
  path: string
  lines: number
  imports: Import[]
  /** The names of the classes it declares. */
  classes: string[]
  /** The name of the class it exports by default, if any. */
  defaultClass: string | undefined
  constructions: Construction[]
  /** Where it awaits outside every function. */
  topLevelAwaits: number[]
  /** Where it says something that remains when the types are stripped. */
  runtimeCode: number[]
}

export interface Import {
  specifier: string
  /** The path of the imported file; undefined for a package. */
  target: string | undefined
  typeOnly: boolean
  line: number
}

/** A `new Name()`. */
export interface Construction {
  /** The name under which the class was declared; `default` where it was imported as a default export. */
  name: string
  /** The file that the name was imported from, if it was. */
  from: string | undefined
  line: number
}

/** Reads the TypeScript files under some folders of the repository, without the type tests. */
export function readSources (root: string, folders: string[]): Source[] {
  const isSource = (path: string): boolean => path.endsWith('.ts') && !path.endsWith('.tst.ts')
  return folders
    .flatMap((folder) => readdirSync(posix.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => posix.join(folder, name)))
    .filter(isSource)
    .sort()
    .map((path) => parseSource(path, readFileSync(posix.join(root, path), 'utf8')))
}

export function parseSource (path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const source: Source = {
    path,
    lines: text.replace(/\n$/, '').split('\n').length,
    imports: [],
    classes: [],
    defaultClass: undefined,
    constructions: [],
    topLevelAwaits: [],
    runtimeCode: []
  }
  const bindings = importedNames(file, path)
  const lineOf = (node: ts.Node): number => file.getLineAndCharacterOfPosition(node.getStart()).line + 1

  for (const statement of file.statements) {
    if (!isTypeOnlyStatement(statement)) source.runtimeCode.push(lineOf(statement))
  }
  visit(file, false)
  return source

  function visit (node: ts.Node, inFunction: boolean): void {
    const specifier = specifierOf(node)
    if (specifier !== undefined) {
      const typeOnly = ts.isImportTypeNode(node) || isTypeOnlyStatement(node)
      source.imports.push({ specifier, target: resolve(path, specifier), typeOnly, line: lineOf(node) })
    }
    const className = classNameOf(node)
    if (className !== undefined) source.classes.push(className)
    if (ts.isClassDeclaration(node) && hasModifier(node, ts.SyntaxKind.DefaultKeyword)) source.defaultClass = className
    if (ts.isExportAssignment(node) && ts.isIdentifier(node.expression)) source.defaultClass = node.expression.text
    if (ts.isNewExpression(node)) {
      const construction = constructionOf(node.expression, bindings)
      if (construction !== undefined) source.constructions.push({ ...construction, line: lineOf(node) })
    }
    if (!inFunction && isAwait(node)) source.topLevelAwaits.push(lineOf(node))

    ts.forEachChild(node, (child) => visit(child, inFunction || ts.isFunctionLike(node)))
  }
}

type Bindings = Map<string, { name: string, from: string | undefined }>

/** What the local names of imported things were where they come from. */
function importedNames (file: ts.SourceFile, path: string): Bindings {
  const bindings: Bindings = new Map()
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || statement.importClause === undefined) continue
    const from = resolve(path, specifierOf(statement) ?? '')
    const { name, namedBindings } = statement.importClause
    if (name !== undefined) bindings.set(name.text, { name: 'default', from })
    if (namedBindings === undefined || !ts.isNamedImports(namedBindings)) continue
    for (const element of namedBindings.elements) {
      bindings.set(element.name.text, { name: (element.propertyName ?? element.name).text, from })
    }
  }
  return bindings
}

function constructionOf (expression: ts.Expression, bindings: Bindings): Omit<Construction, 'line'> | undefined {
  if (ts.isIdentifier(expression)) return bindings.get(expression.text) ?? { name: expression.text, from: undefined }
  if (ts.isPropertyAccessExpression(expression)) return { name: expression.name.text, from: undefined }
  return undefined
}

/** The module that an import of any kind, or a re-export, names. */
function specifierOf (node: ts.Node): string | undefined {
  const name = ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
    ? node.moduleSpecifier
    : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
      ? node.arguments[0]
      : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
        ? node.argument.literal
        : undefined
  return name !== undefined && ts.isStringLiteralLike(name) ? name.text : undefined
}

function resolve (path: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined
}

function classNameOf (node: ts.Node): string | undefined {
  if (ts.isClassDeclaration(node)) return node.name?.text ?? 'default'
  if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) return undefined
  return node.initializer !== undefined && ts.isClassExpression(node.initializer) ? node.name.text : undefined
}

function isTypeOnlyStatement (node: ts.Node): boolean {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
  if (ts.isExportDeclaration(node)) return node.isTypeOnly
  return ts.isModuleDeclaration(node) && hasModifier(node, ts.SyntaxKind.DeclareKeyword) &&
    (ts.isStringLiteral(node.name) || node.name.text === 'global')
}

function isAwait (node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return true
  if (ts.isForOfStatement(node)) return node.awaitModifier !== undefined
  return ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing
}

function hasModifier (node: ts.HasModifiers, kind: ts.SyntaxKind): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === kind) ?? false
}
