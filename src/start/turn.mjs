import { mkdirSync, readdirSync, rmdirSync, statSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const beat = 1_000
const staleAfter = 10_000

/**
 * Runs `work` while no other start in the same tree prepares anything; calls `waiting` when it has to wait.
 * The lock is a folder with one folder in it, named by its holder and touched every second: mkdir and rmdir are atomic
 * everywhere, git does not see empty folders, and a heartbeat tells a dead holder also across containers and reused
 * process ids. Only the holder's folder that was seen stale is removed, so a new holder's is never taken away.
 */
export async function inTurn(root, waiting, work) {
  const lock = path.join(root, '.preparing.lock')
  const mine = path.join(lock, `${process.pid}-${Date.now().toString(36)}`)
  let told = false
  while (!take(lock, mine)) {
    if (!told) waiting()
    told = true
    removeIfStale(lock)
    await sleep(200)
  }
  const heart = setInterval(() => attempt(() => utimesSync(mine, new Date(), new Date())), beat)
  try {
    return await work()
  } finally {
    clearInterval(heart)
    attempt(() => rmdirSync(mine))
    attempt(() => rmdirSync(lock))
  }
}

function take(lock, mine) {
  if (!attempt(() => mkdirSync(lock))) return false
  // Another start may just have taken the still empty folder for a stale one.
  return attempt(() => mkdirSync(mine))
}

function removeIfStale(lock) {
  const stale = folder => Date.now() - statSync(folder).mtimeMs > staleAfter
  attempt(() => {
    const holders = readdirSync(lock).map(name => path.join(lock, name))
    // Empty: its holder is about to go in, or died before it did.
    if (holders.length === 0 && !stale(lock)) return
    for (const holder of holders) {
      if (!stale(holder)) return
      rmdirSync(holder)
    }
    rmdirSync(lock)
  })
}

/** True when it worked, false when a name was there, was gone or was not empty: somebody else was faster. */
function attempt(change) {
  try {
    change()
    return true
  } catch (error) {
    if (['EEXIST', 'ENOENT', 'ENOTEMPTY'].includes(error.code)) return false
    throw error
  }
}
