export type Store = 'sqlite' | 'mariadb'
export type Pass = { store: Store; files: string[] }

const stores: Store[] = ['sqlite', 'mariadb']
const oncePlaces = ['test/contracts/', 'test/simulator/', 'test/start/', 'test/browser/']
// The longest first, so that the run does not end with one processor waiting for them: where processes are killed, and in the browser.
const slowNames = [/kill/, /^test\/browser\/(every-page|services|turned-down|console)/, /^test\/browser\//]

/**
 * Which files run on which database: those whose path contains one of `words` (all without words), on both databases
 * unless nothing in them depends on it. Passes without a file are left out. Throws on an unknown `store`.
 */
export function plan(files: string[], words: string[] = [], store?: string): Pass[] {
  if (store !== undefined && !stores.some(known => known === store)) throw new Error(`--store is ${stores.join(' or ')}`)
  const chosen = inOrder(files.filter(file => words.length === 0 || words.some(word => file.includes(word))))
  return stores
    .filter(known => store === undefined || known === store)
    .map(known => ({ store: known, files: chosen.filter(file => known === 'sqlite' || !runsOnce(file)) }))
    .filter(pass => pass.files.length > 0)
}

// For a killed process's lease to end, which takes up to a minute; for servers that say nothing.
const waiting = [/-killed\.test\.ts$/, /^test\/kill\/bulk/, /^test\/integrations\/files/]

/** These run beside the others, as they leave the processors to them. */
export function mostlyWaits(file: string): boolean {
  return waiting.some(place => place.test(file))
}

function runsOnce(file: string): boolean {
  return file.endsWith('.pure.test.ts') || oncePlaces.some(place => file.startsWith(place))
}

function inOrder(files: string[]): string[] {
  const rank = (file: string) => {
    const place = slowNames.findIndex(slow => slow.test(file))
    return place === -1 ? slowNames.length : place
  }
  return files.toSorted((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
}
