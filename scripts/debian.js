import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** What the tests start or ask besides Node, by Debian package; each with how to find it. */
const packages = {
  'redis-server': () => findProgram('redis-server'),
  chromium: () => findProgram('chromium'),
  nginx: () => findProgram('nginx'),
  curl: () => findProgram('curl'),
  openssl: () => findProgram('openssl'),
  'python3-websockets': () => findPythonModule('websockets')
}

/**
 * Finds what the tests need from the system and installs what is missing,
 * saying one line for each.
 *
 * @returns {boolean} false where something is missing and cannot be installed, which has been said
 */
export function ensurePackages () {
  const missing = []
  for (const [name, find] of Object.entries(packages)) {
    const place = find()
    if (place === undefined) missing.push(name)
    else console.log(`${name}: found at ${place}`)
  }
  if (missing.length === 0 || install(missing)) return true
  console.error(`The tests need ${missing.join(', ')}, which could not be installed from here: apt-get install ${missing.join(' ')}`)
  return false
}

function install (names) {
  const asRoot = process.getuid() === 0 ? [] : ['sudo', '-n']
  const apt = (...args) => succeeds(...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=120', ...args)

  if (!apt('check')) return false
  for (const name of names) console.log(`${name}: installing`)
  // An update may fail over one of several sources that the packages do not come from.
  apt('update')
  return apt('install', '--no-install-recommends', ...names) && names.every((name) => packages[name]() !== undefined)
}

function findProgram (name) {
  const folders = [...process.env.PATH.split(':'), '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

/** Asks Debian's own Python: another one that stands first on PATH does not see Debian's modules. */
function findPythonModule (name) {
  const code = `import ${name}; print(${name}.__file__)`
  try {
    return execFileSync('/usr/bin/python3', ['-c', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

function succeeds (command, ...args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
