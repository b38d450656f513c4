import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Modules that the browser runs too, as JavaScript, by names under which they find each other in one folder. */
export type SharedModules = { /** another one whenever any of them changes */ version: string; sources: ReadonlyMap<string, string> }

const root = new URL('../../', import.meta.url)
const IMPORTS = /^(\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?)(['"])([^'"\n]+)\2/gm

/**
 * These modules of ours with all that they import, packages included. Types are stripped, nothing is bundled; packages are
 * named by their place among the others, because an import map does not reach into a worker.
 */
export function sharedModules(entries: readonly string[]): SharedModules {
  const sources = new Map<string, string>()
  const waiting = entries.map(path => new URL(path, root))
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    const name = nameOf(file)
    if (sources.has(name)) continue
    const { code, imports } = read(file)
    sources.set(name, code)
    waiting.push(...imports)
  }
  return { version: hash('sha256', JSON.stringify([...sources].toSorted())).slice(0, 16), sources }
}

function read(file: URL): { code: string; imports: URL[] } {
  const text = readFileSync(file, 'utf8')
  const imports: URL[] = []
  const code = (file.pathname.endsWith('.ts') ? stripTypeScriptTypes(text) : text).replace(IMPORTS, (_, before: string, quote: string, wanted: string) => {
    const target = wanted.startsWith('.') ? new URL(wanted, file) : new URL(import.meta.resolve(wanted))
    imports.push(target)
    return `${before}${quote}./${nameOf(target)}${quote}`
  })
  return { code, imports }
}

// Packages may rest outside of our folder, behind a link.
function nameOf(file: URL): string {
  const path = fileURLToPath(file)
  const inPackages = path.lastIndexOf('/node_modules/')
  return sharedName(inPackages < 0 ? relative(fileURLToPath(root), path) : path.slice(inPackages + 1))
}

/** `src/x/y.ts` → the name it is served under */
export function sharedName(path: string): string {
  return path.replaceAll(/[/\\]/g, '~')
}
