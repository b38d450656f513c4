import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Stop, runTool } from './child.mjs'
import { inTurn } from './turn.mjs'

const wanted = 24
// The package is built for glibc: on another libc its program is there and still cannot start.
const loaders = { x64: '/lib64/ld-linux-x86-64.so.2', arm64: '/lib/ld-linux-aarch64.so.1' }

/** Makes node_modules what package-lock.json says, by `npm ci` when they differ. Returns what to tell. */
export async function ensureDependencies(root, command, doing) {
  const ready = () => sameTree(root, command.dev) && (findNode(root) !== null || !canHaveOwnNode())
  if (ready()) return 'dependencies up to date'
  return inTurn(root, () => doing('waiting for another start to finish installing'), async () => {
    if (ready()) return 'dependencies installed by another start'
    doing('installing dependencies (npm ci)')
    await npmCi(root, command.dev)
    return 'dependencies installed'
  })
}

/**
 * The Node to go on with: the one that came with the lock file, else the running one when it is new enough.
 * Null when there is neither.
 */
export function findNode(root) {
  const folder = path.join(root, 'node_modules', `node-linux-${process.arch}`)
  const own = path.join(folder, 'bin', 'node')
  if (canHaveOwnNode() && isExecutable(own)) {
    return { path: own, version: readJson(path.join(folder, 'package.json'))?.version ?? '' }
  }
  const [major] = process.versions.node.split('.')
  return Number(major) >= wanted ? { path: process.execPath, version: process.versions.node } : null
}

function canHaveOwnNode() {
  return process.platform === 'linux' && existsSync(loaders[process.arch] ?? '')
}

/**
 * Compares the lock file with npm's own record of what it installed, which it writes last: an interrupted install has none.
 * What is optional may be missing (other platforms' binaries); devDependencies too, unless `dev`.
 */
function sameTree(root, dev) {
  const locked = readJson(path.join(root, 'package-lock.json'))?.packages
  if (!locked) throw new Stop('package-lock.json is missing or cannot be read: this is not a whole copy of the project.')
  const installed = readJson(path.join(root, 'node_modules', '.package-lock.json'))?.packages
  if (!installed) return false
  const fits = ([place, entry]) => {
    const there = installed[place]
    if (there) return there.version === entry.version && there.integrity === entry.integrity
    return place === '' || Boolean(entry.optional) || (!dev && Boolean(entry.dev || entry.devOptional))
  }
  return Object.entries(locked).every(fits) && Object.keys(installed).every(place => Object.hasOwn(locked, place))
}

async function npmCi(root, dev) {
  const args = ['ci', '--no-audit', '--no-fund', ...(dev ? ['--include=dev'] : [])]
  // npm must not run on the Node inside the folder that it is about to delete.
  const PATH = (process.env.PATH ?? '').split(path.delimiter).filter(folder => !/node_modules\/\.bin\/?$/.test(folder))
  const { code, output } = await runTool('npm', args, {
    cwd: root, guarded: true, env: { ...process.env, PATH: PATH.join(path.delimiter) },
  })
  if (code === 0) return
  if (code === null) throw new Stop('npm is not on PATH. It comes with Node; install Node 20 or newer with npm, then run the command again.')
  throw new Stop(`${output}\n\nnpm ci failed (exit code ${code}); its last words are above. The command was not started.\n`
    + 'Check the network or proxy settings of npm, then run the command again.', code)
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Null when the file is missing or is not JSON. */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
