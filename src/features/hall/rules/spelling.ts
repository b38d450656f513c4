import type { Word } from './reading.ts'

/** A place in a word's `plain`. */
export type Place = { from: number; to: number }

/** Where the whole pinyin of a word, from the beginning of a syllable, says the query; its last syllable may be begun only. */
export function pinyinPlace({ spelled, letterOf, letters }: Word, query: string): Place | null {
  for (let at = spelled.indexOf(query); at >= 0; at = spelled.indexOf(query, at + 1)) {
    if (isBoundary(letterOf, at)) return lettersPlace(letters, letterOf[at] ?? 0, letterOf[at + query.length - 1] ?? 0)
  }
  return null
}

/** Where initials say the query, or characters, syllables and initials mixed. `alphabet`: of the query. */
export function mixedPlace(word: Word, query: string, alphabet: number): Place | null {
  if ((alphabet & ~word.alphabet) !== 0) return null
  const at = word.initials.indexOf(query)
  if (at >= 0) return lettersPlace(word.letters, at, at + query.length - 1)
  for (const [from, letter] of word.letters.entries()) {
    if (query[0] !== word.plain[letter.from] && query[0] !== letter.syllable[0]) continue
    const to = lastLetter(word, from, query)
    if (to >= 0) return lettersPlace(word.letters, from, to)
  }
  return null
}

/** The letter with which the query ends when it begins with letter `from`, each said by its character, its syllable or its initial; -1 where it does not fit. */
function lastLetter({ plain, letters }: Word, from: number, query: string): number {
  // The places of the query that can be reached, a bit each: 'aaaa' is no exponential walk.
  let reached = 1
  for (let at = from; at < letters.length && reached !== 0; at++) {
    const letter = letters[at]
    if (!letter) return -1
    let next = 0
    for (let position = 0; position < query.length; position++) {
      if ((reached & (1 << position)) === 0) continue
      if (letter.syllable.startsWith(query.slice(position))) return at
      for (const way of waysOf(plain.slice(letter.from, letter.to), letter.syllable)) {
        if (query.startsWith(way, position)) next |= 1 << (position + way.length)
      }
    }
    if ((next & (1 << query.length)) !== 0) return at
    reached = next
  }
  return -1
}

function waysOf(char: string, syllable: string): string[] {
  const initial = syllable.slice(0, 1)
  return /^[zcs]h/.test(syllable) ? [char, syllable, syllable.slice(0, 2), initial] : [char, syllable, initial]
}

/** Where a word says Chinese characters, three or more, but for one mistake. */
export function mistakenCharacters({ plain }: Word, query: string): Place | null {
  if (query.length > plain.length + 1 || strangers(plain, query) > 1) return null
  for (let from = 0; from < plain.length; from++) {
    const to = endWithOneMistake(plain, from, query, () => true)
    if (to >= 0) return { from, to }
  }
  return null
}

/** How many characters of the query are none of the text's; two are as good as more. */
function strangers(text: string, query: string): number {
  let found = 0
  for (let at = 0; at < query.length && found < 2; at++) if (!text.includes(query[at] ?? '')) found++
  return found
}

/** Where the pinyin of a word says the query, of four letters or more, but for one mistake; in whole syllables, for what is not typed to its end yet would fit too much. `alphabet`: of the query. */
export function mistakenSyllables({ spelled, letterOf, letters, alphabet: own }: Word, query: string, alphabet: number): Place | null {
  // One letter alone may be none of the word's.
  const strange = alphabet & ~own
  if (query.length > spelled.length + 1 || (strange & (strange - 1)) !== 0) return null
  for (let from = 0; from < spelled.length; from++) {
    if (!isBoundary(letterOf, from)) continue
    const to = endWithOneMistake(spelled, from, query, end => isBoundary(letterOf, end))
    if (to >= 0) return lettersPlace(letters, letterOf[from] ?? 0, letterOf[to - 1] ?? 0)
  }
  return null
}

// Of three characters with one too many, two are left: they would fit anything.
const SHORT = 3

/** Where the query ends in `text`, beginning at `from`, when one sign of it is wrong, missing, too many, or changed places with the next; -1 where it does not, or ends where it may not. */
function endWithOneMistake(text: string, from: number, query: string, mayEnd: (at: number) => boolean): number {
  const { length } = query
  let same = 0
  while (same < length && query[same] === text[from + same]) same++
  if (same === length) return -1
  const at = from + same
  const end = from + length
  if (at < text.length && agree(text, at + 1, query, same + 1) && mayEnd(end)) return end
  if (same + 1 < length && query[same] === text[at + 1] && query[same + 1] === text[at] && agree(text, at + 2, query, same + 2) && mayEnd(end)) return end
  if (at < text.length && agree(text, at + 1, query, same) && mayEnd(end + 1)) return end + 1
  return length > SHORT && agree(text, at, query, same + 1) && mayEnd(end - 1) ? end - 1 : -1
}

/** Does the query from `from` on stand in `text` at `at`? */
function agree(text: string, at: number, query: string, from: number): boolean {
  if (at + query.length - from > text.length) return false
  for (let place = from; place < query.length; place++) if (query[place] !== text[at + place - from]) return false
  return true
}

function isBoundary(letterOf: Uint16Array, at: number): boolean {
  return at === 0 || letterOf[at] !== letterOf[at - 1]
}

function lettersPlace(letters: Word['letters'], first: number, last: number): Place {
  return { from: letters[first]?.from ?? 0, to: letters[last]?.to ?? 0 }
}
