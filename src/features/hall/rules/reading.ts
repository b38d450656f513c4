import { pinyin } from 'pinyin-pro'

/** A character, or a run of Latin letters and digits: what is typed as one. `from`, `to`: its place in `plain`. */
type Letter = { from: number; to: number; syllable: string }

/** Words that can be found, read once. */
export type Word = {
  text: string
  /** as it is compared: without the differences that do not matter */
  plain: string
  letters: readonly Letter[]
  /** the syllables in one row; of each sign, its letter */
  spelled: string
  letterOf: Uint16Array
  initials: string
  /** which of a to z are in it, a bit each */
  alphabet: number
}

/** As much of a question as is read. */
export const LONGEST_QUERY = 30
const LONGEST_WORD = 60
const KEPT = 100_000

// A title is in the lists of every kind of reader: its pinyin is read once.
const known = new Map<string, Word>()

/** Title or synonym with its pinyin, each character read as in its word: 重修 is chongxiu. */
export function readWord(text: string): Word {
  const found = known.get(text)
  if (found) return found
  const { plain, origin } = plainOf([...text].slice(0, LONGEST_WORD).join(''))
  const letters = lettersOf(plain, origin, text)
  const spelled = letters.map(letter => letter.syllable).join('')
  const letterOf = Uint16Array.from(letters.flatMap(({ syllable }, at) => Array.from({ length: syllable.length }, () => at)))
  const word = { text, plain, letters, spelled, letterOf, initials: letters.map(letter => letter.syllable.slice(0, 1)).join(''), alphabet: alphabetOf(spelled + plain) }
  if (known.size === KEPT) known.clear()
  known.set(text, word)
  return word
}

/** Full-width letters, capitals, spaces and the apostrophes of pinyin keyboards do not matter. `origin`: of each sign, its place in `text`. */
export function plainOf(text: string): { plain: string; origin: Uint16Array } {
  const signs: string[] = []
  const origin: number[] = []
  let at = 0
  for (const char of text) {
    for (const sign of char.normalize('NFKC').toLowerCase().replace(/[\s'’·]/g, '').split('')) {
      signs.push(sign)
      origin.push(at)
    }
    at += char.length
  }
  return { plain: signs.join(''), origin: Uint16Array.from(origin) }
}

export function alphabetOf(text: string): number {
  let bits = 0
  for (let at = 0; at < text.length; at++) {
    const place = text.charCodeAt(at) - 97
    if (place >= 0 && place < 26) bits |= 1 << place
  }
  return bits
}

function lettersOf(plain: string, origin: Uint16Array, text: string): Letter[] {
  const syllables = pinyin(plain, { toneType: 'none', type: 'array', v: true })
  const letters: Letter[] = []
  let at = 0
  for (const [index, char] of [...plain].entries()) {
    const last = letters.at(-1)
    const goesOn = last !== undefined && isLatin(char) && isLatin(plain.slice(last.from, last.to)) && !/\s/.test(text.slice(origin[at - 1] ?? 0, origin[at] ?? 0))
    if (goesOn) letters[letters.length - 1] = { from: last.from, to: at + char.length, syllable: last.syllable + char }
    else letters.push({ from: at, to: at + char.length, syllable: syllables[index] || char })
    at += char.length
  }
  return letters
}

function isLatin(text: string): boolean {
  return /^[a-z0-9]+$/.test(text)
}
