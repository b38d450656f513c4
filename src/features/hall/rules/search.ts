import { pinyin } from 'pinyin-pro'

/** What can be found: its words in order of weight, the title first. */
export type Entry<Item> = { item: Item; words: readonly string[] }
type Letter = { char: string; syllable: string }
type Word = { text: string; letters: readonly Letter[] }
export type Index<Item> = readonly { item: Item; words: readonly Word[] }[]

/** Reads the pinyin of everything once; searching is then cheap. */
export function indexOf<Item>(entries: readonly Entry<Item>[]): Index<Item> {
  return entries.map(({ item, words }) => ({ item, words: words.map(readWord) }))
}

/**
 * What fits, best first: characters, whole pinyin, initials, and any mix of them, anywhere in a title or a synonym.
 * The title before synonyms, the beginning before the middle, characters before pinyin, short before long.
 */
export function search<Item>(index: Index<Item>, typed: string): Item[] {
  const query = typed && plain(typed)
  if (query === '') return []
  const scored = index.map(({ item, words }) => ({ item, score: Math.max(...words.map((word, rank) => scoreOf(word, rank, query))) }))
  return scored.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score).map(({ item }) => item)
}

const TITLE = 1000
const SYNONYM = 500
const WHOLE = 200
const START = 100
const CHARACTERS = 50

function scoreOf({ text, letters }: Word, rank: number, query: string): number {
  const base = (rank === 0 ? TITLE : SYNONYM) - Math.min(text.length, 40)
  const at = text.indexOf(query)
  if (at >= 0) return base + CHARACTERS + (at === 0 ? START : 0) + (text === query ? WHOLE : 0)
  const start = letters.findIndex((_, from) => spells(letters, from, query))
  return start < 0 ? 0 : base + (start === 0 ? START : 0)
}

/** Do the letters from `from` on spell the query, each by its character, its syllable or its initial? The last may be begun only. */
function spells(letters: readonly Letter[], from: number, query: string): boolean {
  // Positions in the query that can be reached letter by letter; a set, so that 'aaaa' is no exponential walk.
  let reached = new Set([0])
  for (let at = from; at < letters.length && reached.size > 0; at++) {
    const letter = letters[at]
    const next = new Set<number>()
    for (const position of reached) {
      const rest = query.slice(position)
      if (letter && letter.syllable.startsWith(rest)) return true
      for (const way of letter ? waysOf(letter) : []) if (rest.startsWith(way)) next.add(position + way.length)
    }
    if (next.has(query.length)) return true
    reached = next
  }
  return false
}

function waysOf({ char, syllable }: Letter): string[] {
  const initial = /^(zh|ch|sh)/.exec(syllable)?.[0]
  return [...new Set([char, syllable, syllable.slice(0, 1), ...(initial ? [initial] : [])])].filter(Boolean)
}

function readWord(word: string): Word {
  const text = plain(word)
  const chars = [...text]
  const syllables = pinyin(text, { toneType: 'none', type: 'array', v: true })
  return { text, letters: chars.map((char, at) => ({ char, syllable: syllables[at] ?? char })) }
}

/** Full-width letters, capitals, spaces and the apostrophes of pinyin keyboards do not matter. */
function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[\s'’·]/g, '').slice(0, 60)
}
