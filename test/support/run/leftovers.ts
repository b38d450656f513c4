import { readdirSync, readFileSync } from 'node:fs'

/**
 * Ends every process whose environment has `mark` (NAME=value, unique to a run), and returns their names with pids.
 * Going by the mark finds exactly what this run started, however far it went from its parent. Without /proc: none.
 */
export function endLeftovers(mark: string): string[] {
  return list('/proc').filter(name => /^\d+$/.test(name)).flatMap(pid => {
    if (!read(`/proc/${pid}/environ`).split('\0').includes(mark)) return []
    const name = read(`/proc/${pid}/comm`).trim()
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // Ended by itself in the meantime, perhaps because its parent just was.
      return []
    }
    return [`${name} (${pid})`]
  })
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
