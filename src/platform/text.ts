import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Language = 'zh' | 'en'

/** A Chinese phrase, its `{names}` filled in, in the reader's language. */
export type T = (phrase: string, params?: Record<string, string | number>) => string

const directory = join(import.meta.dirname, '../../views/text/en')
let english: Map<string, string> | undefined

/** The translator for a language. The Chinese phrase is the key; `views/text/en/*.json` hold its English. */
export function textIn(language: Language): T {
  return language === 'zh' ? fill : inEnglish
}

function inEnglish(phrase: string, params?: Record<string, string | number>): string {
  return counted(fill(phrases().get(phrase) ?? phrase, params))
}

/** Every Chinese phrase with its English, from all files of `views/text/en`. */
export function phrases(): Map<string, string> {
  english ??= new Map(readdirSync(directory).filter(name => name.endsWith('.json')).flatMap(name =>
    Object.entries<string>(JSON.parse(readFileSync(join(directory, name), 'utf8')))))
  return english
}

function fill(phrase: string, params?: Record<string, string | number>): string {
  if (!params) return phrase
  const [first = '', ...rest] = partsOf(phrase)
  let text = first
  for (let place = 0; place < rest.length; place += 2) text += `${params[rest[place] ?? ''] ?? `{${rest[place]}}`}${rest[place + 1]}`
  return text
}

/** Phrases and names said in one breath, `iPhone · 企业微信`, each in the reader's language. */
export function eachIn(t: T, text: string): string {
  return text.split(' · ').map(part => t(part)).join(' · ')
}

// Words and names of a phrase in turn. There are as many as the product has sentences.
const known = new Map<string, string[]>()

function partsOf(phrase: string): string[] {
  const parts = known.get(phrase) ?? phrase.split(/\{(\w+)\}/)
  known.set(phrase, parts)
  return parts
}

/** English alone has a plural: `1 day(s)` is read as 1 day, `2 day(s)` as 2 days. */
function counted(text: string): string {
  return text.replace(/(\d+)(\D*?)\(s\)/g, (_, n: string, between: string) => `${n}${between}${n === '1' ? '' : 's'}`)
}
