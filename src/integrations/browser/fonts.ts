import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Font, type Outline, readWoff } from './woff.ts'

/** Where drawn pages find their type. The address exists only inside the browser: requests to it are answered from memory. */
export const FONT_ORIGIN = 'http://fonts.local'

/** A page links this and gets `var(--song)` and `var(--hei)`, both in weights 400 and 700. */
export const FONT_SHEET = `${FONT_ORIGIN}/type.css`

const FACES = { song: 'noto-serif-sc', hei: 'noto-sans-sc' }
// What our type lacks a machine may have: of 通用规范汉字表 our type has 7,401 of 8,105, fonts-noto-cjk the rest.
const OTHERS = { song: "'Noto Serif CJK SC', 'Source Han Serif SC', serif", hei: "'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif" }
const WEIGHTS = [400, 700]

type Range = [number, number]
type Subset = { file: string; ranges: Range[]; unicode: string }

const folders = new Map<string, string>()
const files = new Map<string, Promise<Buffer>>()
const fonts = new Map<string, Font>()
const subsets = new Map<string, Subset[]>()
let sheet: string | undefined

/**
 * What stands at a path of FONT_ORIGIN: the style sheet or a font file; null where nothing does.
 * Each file is read once and kept: the large ones hold 1.5 MB.
 */
export async function fontAt(path: string): Promise<{ type: string; body: Buffer } | null> {
  if (path === '/type.css') {
    sheet ??= styleSheet()
    return { type: 'text/css', body: Buffer.from(sheet) }
  }
  const name = /^\/(noto-(?:serif|sans)-sc)-[a-z0-9-]+\.woff2$/.exec(path)
  if (!name?.[1] || !Object.values(FACES).includes(name[1])) return null
  const file = join(folder(name[1]), 'files', path.slice(1))
  const bytes = files.get(file) ?? readFile(file)
  files.set(file, bytes)
  return bytes.then(body => ({ type: 'font/woff2', body }), () => null)
}

/**
 * The characters that no font of ours can print, each once. A document with one of them must not be issued: it would
 * show a box, or whatever type the machine happens to have. White space and joiners need no glyph.
 */
export async function missingGlyphs(text: string): Promise<string[]> {
  return [...new Set(text.normalize('NFC'))].filter(character => {
    const point = character.codePointAt(0) ?? 0
    return !/^[\s\p{Cf}\uFE00-\uFE0F]$/u.test(character) && !isPrintable(point)
  })
}

/** The shape of a letter in bold Song type, for pictures that are drawn and not set, such as a seal. */
export function outline(character: string): Outline | undefined {
  return font(`${FACES.song}-chinese-simplified-700-normal`).outline(character.codePointAt(0) ?? 0)
}

const asked = new Map<number, boolean>()

// Documents share most of their characters, and for each one a table of a thousand segments is walked.
function isPrintable(point: number): boolean {
  const known = asked.get(point) ?? covered(point)
  asked.set(point, known)
  return known
}

function covered(point: number): boolean {
  const main = ['latin', 'chinese-simplified'].some(part => font(`${FACES.song}-${part}-400-normal`).covers(point))
  // A unicode-range promises more than the file behind it holds, so the file itself is asked.
  return main || rare(FACES.song, 400).some(subset =>
    subset.ranges.some(([from, to]) => point >= from && point <= to) && font(subset.file).covers(point))
}

function font(name: string): Font {
  const known = fonts.get(name)
  if (known) return known
  const face = Object.values(FACES).find(each => name.startsWith(each)) ?? FACES.song
  const read = readWoff(readFileSync(join(folder(face), 'files', `${name}.woff`)))
  fonts.set(name, read)
  return read
}

function folder(face: string): string {
  const known = folders.get(face) ?? dirname(fileURLToPath(import.meta.resolve(`@fontsource/${face}/400.css`)))
  folders.set(face, known)
  return known
}

// The large files first, so that a page embeds two or three fonts; the hundred small ones only for rare characters.
function styleSheet(): string {
  const rules = Object.entries(FACES).flatMap(([name, face]) => WEIGHTS.flatMap(weight => [
    rule(`${name}-latin`, weight, `${face}-latin-${weight}-normal`),
    rule(`${name}-main`, weight, `${face}-chinese-simplified-${weight}-normal`),
    ...rare(face, weight).map(subset => rule(`${name}-rare`, weight, subset.file, subset.unicode)),
  ]))
  const families = Object.entries(OTHERS).map(([name, others]) => `--${name}: ${name}-latin, ${name}-main, ${name}-rare, ${others};`)
  return `:root { ${families.join(' ')} }\n${rules.join('\n')}\n`
}

function rule(family: string, weight: number, file: string, unicode?: string): string {
  const range = unicode ? ` unicode-range: ${unicode};` : ''
  return `@font-face { font-family: ${family}; font-weight: ${weight}; font-display: block; src: url(${FONT_ORIGIN}/${file}.woff2) format('woff2');${range} }`
}

function rare(face: string, weight: number): Subset[] {
  const key = `${face}-${weight}`
  const known = subsets.get(key)
  if (known) return known
  const css = readFileSync(join(folder(face), `${weight}.css`), 'utf8')
  const found = [...css.matchAll(/\.\/files\/([a-z0-9-]+)\.woff2\)[^;]*;\s*unicode-range:\s*([^;]+);/g)].map(match => {
    const unicode = match[2] ?? ''
    return { file: match[1] ?? '', unicode, ranges: unicode.split(',').map(readRange) }
  })
  subsets.set(key, found)
  return found
}

function readRange(text: string): Range {
  const [from = '0', to = from] = text.trim().replace(/^U\+/i, '').split('-')
  return [Number.parseInt(from, 16), Number.parseInt(to, 16)]
}
