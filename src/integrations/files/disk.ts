import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, constants, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { once } from 'node:events'
import { failure, notStored } from './faults.ts'
import type { Fault, Files, Needed } from './index.ts'
import { absent, checked, isName, nameOf, placeOf } from './names.ts'

/** Files in folders below this one. */
export function filesOnDisk(root: string): Files {
  const place = (sha: string): string => join(root, placeOf(sha))
  return {
    async put(bytes) {
      const sha = nameOf(bytes)
      await write(place(sha), bytes).catch(notStored)
      return sha
    },
    get: async sha => checked(await readFile(place(sha)).catch(notRead), sha),
    has: sha => exists(place(sha)),
    async open(sha) {
      const stream = createReadStream(place(sha))
      await once(stream, 'open').catch(notRead)
      return stream
    },
    remove: async sha => await rm(place(sha), { force: true }).catch(notRead),
    async sweep(before, needed) {
      let gone = 0
      for (const folder of await foldersIn(root)) gone += await sweepFolder(folder, before, needed)
      return gone
    },
    fault: () => faultOf(root),
  }
}

/** bytes that must be left: less does not take the largest upload */
const LEAST = 32 * 1024 * 1024

/** Looks without writing: that would wait for the disk before each document. */
async function faultOf(root: string): Promise<Fault | null> {
  try {
    await mkdir(root, { recursive: true, mode: 0o700 })
    await access(root, constants.R_OK | constants.W_OK)
    const { bavail, bsize } = await statfs(root)
    return bavail * bsize < LEAST ? { why: 'full', answer: `${Math.floor(bavail * bsize / 1024 / 1024)} MB` } : null
  } catch (error) {
    return { why: 'refused', answer: codeOf(error) }
  }
}

const SLICE = 500

async function sweepFolder(folder: string, before: number, needed: Needed): Promise<number> {
  const inside = (await Promise.all((await foldersIn(folder)).map(async each => (await readdir(each)).map(name => join(each, name))))).flat()
  const old = await Array.fromAsync(inside, async path => await isOlder(path, before) ? path : '')
  const paths = old.filter(Boolean)
  let gone = 0
  for (let from = 0; from < paths.length; from += SLICE) {
    const slice = paths.slice(from, from + SLICE)
    const shas = slice.map(path => basename(path)).filter(isName)
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

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}

function notRead(error: unknown): never {
  const code = codeOf(error)
  throw code === 'ENOENT' ? absent(error) : failure({ why: 'refused', answer: code }, error)
}
