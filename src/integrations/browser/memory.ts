import { readdir, readFile } from 'node:fs/promises'

const PAGE_SIZE = 4096

/** Resident megabytes of a process and everything it started; 0 where the system has no /proc. Shared pages count more than once. */
export async function residentMegabytes(pid: number | undefined): Promise<number> {
  if (!pid) return 0
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    // After the command's closing bracket come the state and the parent.
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const family = [pid]
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child)
  const sizes = await Promise.all(family.map(async member =>
    Number((await readFile(`/proc/${member}/statm`, 'utf8').catch(() => '0 0')).split(' ')[1])))
  return Math.round(sizes.reduce((sum, pages) => sum + pages, 0) * PAGE_SIZE / 1024 / 1024)
}
