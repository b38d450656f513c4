import type { Findable } from '../services/index.ts'
import { type Index, indexOf } from './rules/search.ts'

/** What is made of a list of services once: how they are found, by key, and those for the reader. */
export type Shelf = { readonly all: readonly Findable[]; readonly own: readonly Findable[]; readonly index: Index<Findable>; readonly byKey: ReadonlyMap<string, Findable> }

type Synonyms = ReadonlyMap<string, readonly string[]>

// A list stays for as long as its services do, the synonyms for as long as nobody adds one; what is made of both stays with them.
const shelves = new WeakMap<readonly Findable[], { synonyms: Synonyms; shelf: Shelf }>()

export function shelfOf(all: readonly Findable[], synonyms: Synonyms): Shelf {
  const known = shelves.get(all)
  if (known?.synonyms === synonyms) return known.shelf
  const shelf = {
    all, own: all.filter(service => service.own), byKey: new Map(all.map(service => [service.key, service])),
    index: indexOf(all.map(item => ({ item, title: item.title, synonyms: [...item.words, ...synonyms.get(item.key) ?? []].filter(word => word !== item.title), guide: item.guide }))),
  }
  shelves.set(all, { synonyms, shelf })
  return shelf
}
