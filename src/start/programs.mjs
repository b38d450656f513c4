import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { Stop, runTool } from './child.mjs'
import { folders } from './needs.mjs'
import { inTurn } from './turn.mjs'

/**
 * Looks for the programs that the command needs and installs Debian's packages for the missing ones where it may: as
 * root, with apt-get, unless HALL_NO_INSTALL=1. What is still missing stops the command, or is noted when it can go on.
 */
export async function ensurePrograms(root, command, doing) {
  if (missing(command.needs).length === 0) return 'programs found'
  const hindrance = hindranceToInstall()
  if (hindrance === null) await inTurn(root, () => doing('waiting for another start to finish installing'), () => install(command.needs, doing))
  const still = missing(command.needs)
  if (still.length === 0) return 'programs installed'
  const text = tell(still, hindrance ?? 'apt-get could not install it')
  if (!command.without) throw new Stop(`${text}\n\nThe command was not started.`)
  return { label: `going on without ${short(still.map(nameOf))}`, note: `${text}\n${command.without}` }
}

function missing(needs) {
  return needs.filter(need => find(need) === null)
}

/** The need's program, or null. What its variable names counts alone: that is what will be started. */
function find(need) {
  const named = need.variable && process.env[need.variable]
  if (named) return isProgram(named) ? named : null
  const places = [...(process.env.PATH ?? '').split(path.delimiter).filter(Boolean), ...folders]
  const candidates = need.programs.flatMap(program =>
    path.isAbsolute(program) ? [program] : places.map(place => path.join(place, program)))
  return [...candidates, ...downloaded(need.downloads ?? [])].find(isProgram) ?? (need.files ?? []).find(isFile) ?? null
}

/** What `npx puppeteer browsers install` put there: <cache>/<name>/<version>/<folder>/<name>. */
function downloaded(names) {
  const below = folder => list(folder).map(name => path.join(folder, name))
  return names.flatMap(name => below(path.join(homedir(), '.cache', 'puppeteer', name)).flatMap(below).map(folder => path.join(folder, name)))
}

function list(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return isFile(file)
  } catch {
    return false
  }
}

function isFile(file) {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false
}

function hindranceToInstall() {
  if (process.env.HALL_NO_INSTALL === '1') return 'HALL_NO_INSTALL=1 forbids installing it'
  if (!find({ programs: ['apt-get'] })) return 'this system has no apt-get to install it with'
  if (process.getuid?.() !== 0) return 'only root may install it'
  return null
}

async function install(needs, doing) {
  // A variable that names a wrong place is not cured by a package.
  const packages = packagesOf(missing(needs).filter(need => !(need.variable && process.env[need.variable])))
  if (packages.length === 0) return
  doing(`installing ${short(packages)} (apt-get)`)
  // A failed update may still leave lists that are good enough; the install says so if not.
  await aptGet('update')
  const together = await aptGet('install', ...packages)
  // One package that this release does not have must not keep the others away.
  if (together.code !== 0 && packages.length > 1) for (const name of packages) await aptGet('install', name)
}

function aptGet(verb, ...packages) {
  // Nothing that somebody has chosen goes: a machine has one mail server.
  const options = verb === 'install' ? ['-y', '--no-install-recommends', '--no-remove'] : []
  return runTool('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', verb, ...options, ...packages], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

function tell(needs, why) {
  const wrong = needs.filter(need => need.variable && process.env[need.variable])
  const absent = needs.filter(need => !wrong.includes(need))
  const lines = wrong.map(need => `${need.variable} names ${process.env[need.variable]}, which is not a program.`)
  if (absent.length > 0) {
    lines.push(`Missing, and ${why}:`, ...absent.map(need => `  ${nameOf(need)}: ${need.what}`))
    lines.push(`On Debian: sudo apt-get update && sudo apt-get install --no-install-recommends ${packagesOf(absent).join(' ')}`)
    lines.push(...absent.filter(need => need.elsewhere).map(need => `Elsewhere: ${need.elsewhere}`))
  }
  return lines.join('\n')
}

function nameOf(need) {
  return need.programs.length > 0 ? path.basename(need.programs[0]) : need.package
}

function packagesOf(needs) {
  return [...new Set(needs.map(need => need.package))]
}

function short(names) {
  return names.length < 3 ? names.join(' and ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
}
