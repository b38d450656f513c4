import type { T } from '../../platform/text.ts'
import type { Findable, Services } from '../services/index.ts'

/** Something that is done elsewhere in the hall than on a service's form, and is found, listed and kept as a favourite as services are. Its words are phrases. */
export type Entry = { key: string; title: string; summary: string; category: string; icon: string; href: string; /** what else people call it */ words: readonly string[]; /** for which standings */ audience: readonly string[] }

/** The list of services with the entries before them; it stays the same for as long as the services' does. */
export function withEntries(all: Services['all'], entries: () => readonly Entry[]): Services['all'] {
  const made = new WeakMap<readonly Findable[], readonly Findable[]>()
  return (t, standing) => {
    const services = all(t, standing)
    const known = made.get(services) ?? [...entries().map(entry => findable(t, entry, standing)), ...services].toSorted((a, b) => Number(b.own) - Number(a.own))
    made.set(services, known)
    return known
  }
}

function findable(t: T, { key, title, summary, category, icon, href, words, audience }: Entry, standing: string): Findable {
  return Object.freeze({ key, title: t(title), summary: t(summary), category: t(category), icon, href, words: [...new Set([title, ...words])], guide: [t(summary), t(category)], audience, own: audience.includes(standing) })
}
