import { readFileSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml',
}

export type Asset = { type: string; data: Buffer }

/** The files of page/, read once. */
export function loadAssets(): Map<string, Asset> {
  const folder = join(import.meta.dirname, 'page')
  return new Map(readdirSync(folder).map((name) => [name, { type: types[extname(name)] ?? 'application/octet-stream', data: readFileSync(join(folder, name)) }]))
}
