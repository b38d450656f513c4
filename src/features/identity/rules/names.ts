import { pinyin } from 'pinyin-pro'

/** What a name is found by. Rare characters without a known reading are left out. */
export type NameKeys = { name_pinyin: string; initials: string }

/** `欧阳娜娜` → `ouyangnana`, `oynn`; `Maria Silva` → `mariasilva`, `ms`. Surnames with a reading of their own (单, 仇, 曾) have it. */
export function nameKeys(name: string): NameKeys {
  const syllables = syllablesOf(name).flat()
  return { name_pinyin: syllables.join('').slice(0, 200), initials: syllables.map(syllable => [...syllable][0] ?? '').join('').slice(0, 100) }
}

/** The name in Latin letters for English documents where the roster gives none: `OUYANG Nana`, `Gulibahaer Aihemaiti`. A guess: the roster's own spelling goes before it. */
export function englishName(name: string): string {
  if (isLatin(name)) return name
  const parts = syllablesOf(name)
  if (parts.length > 1) return parts.map(part => capital(passport(part))).join(' ')
  const [family = [], given = []] = familyAndGiven(name)
  return [passport(family).toUpperCase(), capital(passport(given))].filter(part => part !== '').join(' ')
}

/** Syllables of each part of the name; parts are divided by · or a space. */
function syllablesOf(name: string): string[][] {
  const parts = name.split(/[·\s]+/).filter(part => part !== '')
  return parts.map(part => (isLatin(part) ? [part.toLowerCase()] : read(part, parts.length === 1)))
}

const COMPOUND = /^(欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|宇文|长孙|端木|百里|呼延|南宫|轩辕|闻人|申屠|澹台)/

function familyAndGiven(name: string): string[][] {
  const length = COMPOUND.test(name) && [...name].length > 2 ? 2 : 1
  const syllables = read(name, true)
  return [syllables.slice(0, length), syllables.slice(length)]
}

function read(part: string, surnameFirst: boolean): string[] {
  return pinyin(part, { toneType: 'none', type: 'array', v: true, ...(surnameFirst ? { surname: 'head' } : {}) }).map(syllable => syllable.toLowerCase().replace(/[^a-z]/g, ''))
    .filter(syllable => syllable !== '')
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}

// Passports write 吕 as LYU (公安部 2012); search keeps the v that people type.
function passport(syllables: readonly string[]): string {
  return syllables.join('').replaceAll('v', 'yu')
}

function isLatin(text: string): boolean {
  return /^[\p{Script=Latin}\s.'’-]+$/u.test(text)
}

/** What a person typed into a search, as the pinyin columns are spelled; null where only the name itself can match. */
export function searchKey(typed: string): string | null {
  const plain = typed.normalize('NFKC').toLowerCase().replace(/[\s·.'-]/g, '').replaceAll('ü', 'v')
  return /^[a-z]+$/.test(plain) ? plain : null
}
