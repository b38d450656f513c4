import { hash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { once } from 'node:events'
import { AppError } from '../../platform/errors.ts'
import type { Files } from './index.ts'

/** Files in folders by the first four digits of their name, as `ab/cd/abcd…`, so that none grows too full. */
export function filesOnDisk(root: string): Files {
  const place = (sha: string): string => {
    // Names come from the database, but a path built from anything else must not exist.
    if (!/^[0-9a-f]{64}$/.test(sha)) throw new AppError('not-found', '文件不存在')
    return join(root, sha.slice(0, 2), sha.slice(2, 4), sha)
  }
  return {
    async put(bytes) {
      const sha = digest(bytes)
      await write(place(sha), bytes).catch((error: unknown) => { throw new AppError('upstream', '文件没有存下', { code: 'file-not-stored', cause: error }) })
      return sha
    },
    async get(sha) {
      const bytes = await readFile(place(sha)).catch(absent)
      if (digest(bytes) !== sha) throw new AppError('upstream', '保存的文件已损坏', { code: 'file-damaged' })
      return bytes
    },
    has: sha => exists(place(sha)),
    async open(sha) {
      const stream = createReadStream(place(sha))
      await once(stream, 'open').catch(absent)
      return stream
    },
    remove: sha => rm(place(sha), { force: true }),
    async sweep(before, needed) {
      let gone = 0
      for (const folder of await foldersIn(root)) gone += await sweepFolder(folder, before, needed)
      return gone
    },
  }
}

const SLICE = 500

async function sweepFolder(folder: string, before: number, needed: (shas: readonly string[]) => Promise<ReadonlySet<string>>): Promise<number> {
  const inside = (await Promise.all((await foldersIn(folder)).map(async each => (await readdir(each)).map(name => join(each, name))))).flat()
  const old = await Array.fromAsync(inside, async path => await isOlder(path, before) ? path : '')
  const paths = old.filter(Boolean)
  let gone = 0
  for (let from = 0; from < paths.length; from += SLICE) {
    const slice = paths.slice(from, from + SLICE)
    const shas = slice.map(path => basename(path)).filter(name => /^[0-9a-f]{64}$/.test(name))
    const kept = shas.length > 0 ? await needed(shas) : new Set()
    for (const path of slice.filter(each => !kept.has(basename(each)))) {
      // The same bytes may have come again meanwhile.
      if (!await isOlder(path, before)) continue
      await rm(path, { force: true })
      gone++
    }
  }
  return gone
}

async function isOlder(path: string, before: number): Promise<boolean> {
  return stat(path).then(({ mtimeMs }) => mtimeMs < before, () => false)
}

async function foldersIn(path: string): Promise<string[]> {
  const found = await readdir(path, { withFileTypes: true }).catch(() => [])
  return found.filter(each => each.isDirectory()).map(each => join(path, each.name))
}

// Whole or not at all, also through a power cut: a temporary file, flushed, then given its name, then the folder flushed.
// The name may be taken, by the same bytes from another worker, or by damaged ones, which are healed by that.
async function write(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = join(folder, `.${randomUUID()}`)
  try {
    await flush(temporary, 'wx', file => file.writeFile(bytes))
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await flush(folder, 'r')
}

async function flush(path: string, flags: string, work?: (file: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o600)
  try {
    await work?.(file)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false)
}

function digest(bytes: Uint8Array): string {
  return hash('sha256', bytes)
}

function code(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function absent(error: unknown): never {
  if (code(error) === 'ENOENT') throw new AppError('not-found', '文件不存在', { cause: error })
  throw error
}
