import path from 'node:path'
import type { Arrow } from './floors.ts'

// In this order: a comment sign within a string is text, a quote within a comment is comment. A character before a regular
// expression's slash tells it from a division well enough for code that the linter has seen.
const pieces = /\/\/[^\n]*|\/\*[^]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[^]|[^\\`])*`|(?<=[(=,:!&|?;]\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//g

/** The source without comments; with `templates` false also without what template strings hold, which may be another program's text. */
export function codeOf(source: string, { templates }: { templates: boolean }): string {
  return source.replace(pieces, piece => {
    if (piece.startsWith('//') || piece.startsWith('/*')) return ' '
    return piece.startsWith('`') && !templates ? '``' : piece
  })
}

const statements = /^[ \t]*(?:import|export)\s+(type\s)?\s*(?:([^'"`;()=]*?)\s*\bfrom\s*)?(['"])([^'"\n]+)\3/gm
const calls = /\bimport\(\s*(['"])([^'"\n]+)\1\s*[,)]/g

/** The imports of a file (path relative to src/) that name files of ours; packages are left out. */
export function arrowsOf(file: string, source: string): Arrow[] {
  const code = codeOf(source, { templates: false })
  const named = Array.from(code.matchAll(statements), ([, type, what = '', , to = '']) => ({ to, typeOnly: Boolean(type) || allTypes(what) }))
  const called = Array.from(code.matchAll(calls), ([, , to = '']) => ({ to, typeOnly: false }))
  return [...named, ...called]
    .filter(({ to }) => to.startsWith('.'))
    .map(({ to, typeOnly }) => ({ from: file, to: path.posix.join(path.posix.dirname(file), to), typeOnly }))
}

/** `{ type A, type B }`: nothing of it is left when the types are stripped. */
function allTypes(what: string): boolean {
  const list = /^\{([^}]*)\}$/.exec(what.trim())?.[1]
  const names = (list ?? '').split(',').map(name => name.trim()).filter(Boolean)
  return names.length > 0 && names.every(name => name.startsWith('type '))
}

/** Whether the code itself (not a comment) looks at the environment. */
export function readsEnvironment(source: string): boolean {
  const code = codeOf(source, { templates: true })
  return /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\[['"]env['"]\]|\{[^}]*\benv\b[^}]*\}\s*(?:=\s*process\b|from\s*['"](?:node:)?process['"])/.test(code)
}

const queries = /\b(?:selectFrom|insertInto|updateTable|deleteFrom|replaceInto|innerJoin|leftJoin|rightJoin|createTable|alterTable|dropTable|on)\(\s*(\[[^\]]*\]|'[^']*')/g

/** The tables that a file's queries (or a migration's changes) name. */
export function tablesOf(source: string): string[] {
  const code = codeOf(source, { templates: true })
  return Array.from(code.matchAll(queries), ([, names = '']) => Array.from(names.matchAll(/'([a-z]\w*)(?: as \w+)?'/g), ([, name = '']) => name)).flat()
}
