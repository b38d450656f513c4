// The entry of every npm script. It runs on whatever Node started it (20 or newer), imports nothing that
// must be installed first, gets ready what the command needs, and goes on with the project's own Node.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Stop, forwardSignals, goOn } from './start/child.mjs'
import { ensureDependencies, findNode } from './start/dependencies.mjs'
import { commands } from './start/needs.mjs'
import { ensurePrograms } from './start/programs.mjs'
import { stepsTo } from './start/steps.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

async function start(name, args) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new Stop(`${usage()}\n\nThere is no command '${name}'.`, 2)
  // Programs read the output of quiet commands; it stays theirs.
  const step = stepsTo(command.quiet ? process.stderr : process.stdout, command.quiet)
  await step(doing => ensureDependencies(root, command, doing))
  if (command.needs.length > 0) await step(doing => ensurePrograms(root, command, doing))
  const node = findNode(root)
  if (!node) throw new Stop(noNode())
  await step(() => `Node ${node.version}`)
  return goOn(node.path, [...command.runs, ...args], root)
}

function usage() {
  const rows = Object.entries(commands).map(([name, { says }]) => `  ${name.padEnd(12)} ${says}`)
  return ['Usage: node src/start.mjs COMMAND [ARGUMENTS]', '', ...rows].join('\n')
}

function noNode() {
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  return [
    `This needs Node ${engines?.node ?? '>=24'}; it was started with ${process.version}.`,
    `On Linux (x64, arm64, glibc) npm ci brings the right one along; here (${process.platform}, ${process.arch}) it did not.`,
    'Install Node 24 or newer from your system or nodejs.org, then run the command again.',
  ].join('\n')
}

const [name, ...args] = process.argv.slice(2)
if (name === undefined || name === '--help' || name === '-h') {
  console.log(usage())
  process.exit(name === undefined ? 2 : 0)
}
forwardSignals()
try {
  process.exitCode = await start(name, args)
} catch (error) {
  if (!(error instanceof Stop)) throw error
  if (error.message) console.error(`\n${error.message}`)
  process.exitCode = error.exitCode
}
