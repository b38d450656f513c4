import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const MEMORY = '/dev/shm'
const ENOUGH = 2 * 1024 ** 3

const given = process.env.HALL_TEST_SCRATCH

/**
 * Where databases of tests lie: beside the folder that was given, else in memory, if there is room. Each commit, and each of the hundred
 * tables of every copy, waits for a disk, and nobody needs these after a power cut.
 */
export const place = given ? dirname(given) : roomInMemory() ? MEMORY : tmpdir()

/** A folder of what lives as long as this run of the tests, or as this process where it runs alone. */
export const scratch = given ?? makeScratch()

function makeScratch(): string {
  const folder = mkdtempSync(join(place, 'hall-scratch-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function roomInMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize >= ENOUGH && process.availableMemory() >= 2 * ENOUGH
  } catch {
    return false
  }
}
