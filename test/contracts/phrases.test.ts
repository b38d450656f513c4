import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textIn } from '../../src/platform/text.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'views/text/en')
const CHINESE = /\p{Script=Han}/u

const files = readdirSync(folder).map(name => ({ name, phrases: Object.entries<string>(JSON.parse(readFileSync(join(folder, name), 'utf8'))) }))
const english = new Map(files.flatMap(({ phrases }) => phrases))

/** Chinese that is handed to `t`, thrown as an AppError, or set as a label that is translated where it is shown. */
const HANDED = [
  /\bt\(\s*'((?:[^'\\]|\\.)*)'/g,
  /\bt\([^'()]*\? '((?:[^'\\]|\\.)*)' : '(?:[^'\\]|\\.)*'/g,
  /\bt\([^'()]*\? '(?:[^'\\]|\\.)*' : '((?:[^'\\]|\\.)*)'/g,
  /new AppError\(\s*'[a-z-]+',\s*'((?:[^'\\]|\\.)*)'/g,
  /\btext: '((?:[^'\\]|\\.)*)'/g,
  /\b(?:group|label): '((?:[^'\\]|\\.)*)'/g,
]

function sources(directory: string, endings: readonly string[]): string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' }).filter(name => endings.some(ending => name.endsWith(ending))).map(name => join(directory, name))
}

const said = new Map<string, string>()
for (const path of [...sources('src/features', ['.ts']), ...sources('src/edges', ['.ts']), ...sources('src/platform', ['.ts']), ...sources('views', ['.eta'])]) {
  const text = readFileSync(join(root, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  for (const pattern of HANDED) {
    for (const [, phrase = ''] of text.matchAll(pattern)) if (CHINESE.test(phrase) && !phrase.includes('…')) said.set(phrase.replaceAll("\\'", "'"), path)
  }
}

test('every phrase that a page says has its English', () => {
  const missing = [...said].filter(([phrase]) => !english.has(phrase)).map(([phrase, path]) => `${path}: ${phrase}`)
  assert.deepEqual(missing, [])
})

test('a phrase has one English, wherever it is written down', () => {
  const clashes = files.flatMap(({ name, phrases }) => phrases.filter(([phrase, words]) => english.get(phrase) !== words).map(([phrase]) => `${name}: ${phrase}`))
  assert.deepEqual(clashes, [])
})

test('the English of a phrase names the same things', () => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(match => match[1]).toSorted()
  const wrong = [...english].filter(([phrase, words]) => String(names(phrase)) !== String(names(words))).map(([phrase]) => phrase)
  assert.deepEqual(wrong, [])
})

test('no English is left in Chinese', () => {
  // Names of things that stay Chinese in English text, in brackets, are meant.
  const wrong = [...english].filter(([, words]) => CHINESE.test(words.replace(/[(（“"][^)）”"]*[)）”"]/g, ''))).map(([phrase]) => phrase)
  assert.deepEqual(wrong, [])
})

test('English counts in the singular and in the plural', () => {
  const t = textIn('en')
  assert.deepEqual([1, 2, 21].map(n => t('{n} 个工作日', { n })), ['1 working day', '2 working days', '21 working days'])
})
