import { alphabetOf, LONGEST_QUERY, plainOf, readWord, type Word } from './reading.ts'
import { mistakenCharacters, mistakenSyllables, mixedPlace, pinyinPlace, type Place } from './spelling.ts'

/** What can be found, and by which words: its title, what else people call it, what its guide says. */
export type Entry<Item> = { item: Item; title: string; synonyms: readonly string[]; guide: readonly string[] }

type Guide = { text: string; plain: string }
type Read<Item> = { item: Item; title: Word; synonyms: readonly Word[]; guide: readonly Guide[] }
export type Index<Item> = readonly Read<Item>[]

/** Something found, and the part of which words fits: `text` from `from` to `to`. */
export type Hit<Item> = { item: Item; where: 'title' | 'synonym' | 'guide'; text: string; from: number; to: number }

/** Best first, of `total` that fit. `near`: nothing fits, these do but for one mistake of typing. */
export type Found<Item> = { hits: readonly Hit<Item>[]; total: number; near: boolean }

/** Reads everything once; searching is then cheap. */
export function indexOf<Item>(entries: readonly Entry<Item>[]): Index<Item> {
  return entries.map(({ item, title, synonyms, guide }) => ({
    item, title: readWord(title), synonyms: synonyms.map(readWord), guide: guide.map(text => ({ text, plain: plainOf(text).plain })),
  }))
}

/**
 * What fits, the best `most` of it: the title before synonyms, both before their pinyin, pinyin before initials, these before the
 * guide's text; within one of these the whole before the beginning before the middle, and short before long. Where nothing fits as a
 * whole, each word of the question has to; where that fits nothing, one mistake is overlooked.
 */
export function search<Item>(index: Index<Item>, typed: string, most: number): Found<Item> {
  const query = readQuery(typed)
  if (query.text === '') return { hits: [], total: 0, near: false }
  const fitting = index.flatMap(read => bestOf(read, query) ?? [])
  if (fitting.length > 0) return best(fitting, most, false)
  const queries = typed.split(/\s+/).map(readQuery).filter(({ text }) => text !== '')
  const together = queries.length > 1 ? index.flatMap(read => allOf(read, queries) ?? []) : []
  if (together.length > 0) return best(together, most, false)
  const mistaken = mistakeIn(query)
  return best(mistaken ? index.flatMap(read => inWords(read, TIERS.title, TIERS.synonym, mistaken) ?? []) : [], most, true)
}

type Query = { text: string; /** are there Latin letters in it? */ latin: boolean; alphabet: number }

function readQuery(typed: string): Query {
  const text = plainOf(typed).plain.slice(0, LONGEST_QUERY)
  return { text, latin: /[a-z0-9]/.test(text), alphabet: alphabetOf(text) }
}

type Scored<Item> = Pick<Hit<Item>, 'item' | 'where' | 'text'> & { score: number; place: Place }

/** Only of what is shown the fitting part is looked up in the words as they were written. */
function best<Item>(found: readonly Scored<Item>[], most: number, near: boolean): Found<Item> {
  const shown = found.toSorted((a, b) => b.score - a.score).slice(0, most)
  return { hits: shown.map(({ item, where, text, place }) => ({ item, where, text, ...asWritten(text, place) })), total: found.length, near }
}

const TIERS = { title: 8000, synonym: 7000, titlePinyin: 6000, synonymPinyin: 5000, titleMixed: 4000, synonymMixed: 3000, guide: 2000 }
const WHOLE = 400
const START = 200

function bestOf<Item>(read: Read<Item>, { text, latin, alphabet }: Query): Scored<Item> | null {
  return inWords(read, TIERS.title, TIERS.synonym, ({ plain }) => charactersPlace(plain, text))
    ?? (latin ? inWords(read, TIERS.titlePinyin, TIERS.synonymPinyin, word => pinyinPlace(word, text)) : null)
    ?? (latin ? inWords(read, TIERS.titleMixed, TIERS.synonymMixed, word => mixedPlace(word, text, alphabet)) : null)
    ?? inGuide(read, text)
}

/** Every query fits somewhere; what is shown is where the best of them does. */
function allOf<Item>(read: Read<Item>, queries: readonly Query[]): Scored<Item> | null {
  const found = queries.flatMap(query => bestOf(read, query) ?? [])
  return found.length < queries.length ? null : found.toSorted((a, b) => b.score - a.score)[0] ?? null
}

/** One mistake is told from another word in three Chinese characters, or in four letters; null for what has fewer, and for both mixed. */
function mistakeIn({ text, alphabet }: Query): ((word: Word) => Place | null) | null {
  if (/^\p{Script=Han}{3,}$/u.test(text)) return word => mistakenCharacters(word, text)
  return /^[a-z]{4,}$/.test(text) ? word => mistakenSyllables(word, text, alphabet) : null
}

/** The title where it fits, else the synonym that fits best. */
function inWords<Item>({ item, title, synonyms }: Read<Item>, ofTitle: number, ofSynonym: number, placeIn: (word: Word) => Place | null): Scored<Item> | null {
  const place = placeIn(title)
  if (place) return { item, where: 'title', text: title.text, place, score: ofTitle + fitness(title, place) }
  let found: Scored<Item> | null = null
  for (const word of synonyms) {
    const at = placeIn(word)
    const score = at ? ofSynonym + fitness(word, at) : 0
    if (at && score > (found?.score ?? 0)) found = { item, where: 'synonym', text: word.text, place: at, score }
  }
  return found
}

function inGuide<Item>({ item, title, guide }: Read<Item>, query: string): Scored<Item> | null {
  for (const { text, plain } of guide) {
    const place = charactersPlace(plain, query)
    if (place) return { item, where: 'guide', text, place, score: TIERS.guide - title.plain.length }
  }
  return null
}

function charactersPlace(plain: string, query: string): Place | null {
  const from = plain.indexOf(query)
  return from < 0 ? null : { from, to: from + query.length }
}

function fitness({ plain }: Word, { from, to }: Place): number {
  return (from > 0 ? 0 : to === plain.length ? WHOLE : START) - plain.length
}

function asWritten(text: string, { from, to }: Place): Place {
  const { origin } = plainOf(text)
  const last = origin[to - 1] ?? 0
  return { from: origin[from] ?? 0, to: last + String.fromCodePoint(text.codePointAt(last) ?? 0).length }
}
