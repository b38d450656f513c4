import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'

const styles = join(import.meta.dirname, '../../views/assets/css')
const tokens = readFileSync(join(styles, 'tokens.css'), 'utf8')

type Scheme = ReadonlyMap<string, string>
const light = declarations(block(/^:root \{/m))
const schemes: Record<string, Scheme> = { light, dark: new Map([...light, ...declarations(block(/prefers-color-scheme: dark\) \{\s*:root \{/))]) }
const tones = ['green', 'amber', 'red', 'grey', 'blue']
const grounds = ['ground', 'surface', 'raised', 'sunken', 'hover']

/** Pairs of [foreground, background] that carry text: WCAG 2.2 asks for 4.5. */
const texts: [string, string][] = [
  ...['ink', 'ink-2', 'ink-3', 'brand-ink'].flatMap(ink => grounds.map((ground): [string, string] => [ink, ground])),
  ...tones.flatMap((tone): [string, string][] => [[`${tone}-ink`, `${tone}-tint`], [`${tone}-ink`, 'surface'], [`${tone}-ink`, 'ground'], ['on-solid', `${tone}-solid`], ['ink', `${tone}-tint`]]),
  ...['brand', 'brand-hover', 'brand-press'].map((fill): [string, string] => ['on-brand', fill]),
  ...['brand-tint', 'brand-tint-hover'].map((fill): [string, string] => ['brand-ink', fill]),
  ['ink', 'brand-tint'], ['ink-3', 'grey-tint'], ['ink-3', 'brand-tint'], ['ink', 'press'],
  ['surface', 'red-ink'], ['on-toast', 'toast'], ['on-paper', 'paper'],
]
/** Borders, fills and signs by which a control or a state is recognised: 3. */
const signs: [string, string][] = [
  ...['line-strong', 'brand', 'focus'].flatMap(sign => ['ground', 'surface', 'raised'].map((ground): [string, string] => [sign, ground])),
  ...tones.map((tone): [string, string] => [`${tone}-solid`, 'surface']),
  ['line-strong', 'sunken'], ['brand', 'brand-tint'],
]

for (const [name, scheme] of Object.entries(schemes)) {
  describe(`contrast in the ${name} scheme`, () => {
    for (const [front, back] of texts) test(`text --${front} on --${back} reaches 4.5`, () => reaches(scheme, front, back, 4.5))
    for (const [front, back] of signs) test(`sign --${front} on --${back} reaches 3`, () => reaches(scheme, front, back, 3))
  })
}

test('the computation agrees with known colours', () => {
  assert.ok(Math.abs(contrast('oklch(1 0 0)', 'oklch(0 0 0)') - 21) < 0.01)
  // #767676, the lightest grey that passes on white
  assert.ok(Math.abs(contrast('oklch(0.5666 0 0)', 'oklch(1 0 0)') - 4.54) < 0.05)
})

test('no style sheet but the tokens holds a colour or a size', () => {
  for (const file of readdirSync(styles, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.css') || file === 'tokens.css') continue
    const css = readFileSync(join(styles, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/@media[^{]*/g, '')
    assert.deepEqual(css.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|color-mix)a?\(|\b[1-9]\d*px\b/gi) ?? [], [], file)
  }
})

/** Every hue that a university may choose keeps the contrasts, because lightness carries them. */
function reaches(scheme: Scheme, front: string, back: string, least: number): void {
  for (let hue = 0; hue < 360; hue += 15) {
    const branded = new Map([...scheme, ['--brand-hue', String(hue)]])
    const ratio = contrast(resolve(branded, `var(--${front})`), resolve(branded, `var(--${back})`))
    assert.ok(ratio >= least, `--${front} on --${back} is ${ratio.toFixed(2)} at hue ${hue}`)
  }
}

function block(opening: RegExp): string {
  const found = opening.exec(tokens)
  assert.ok(found, `no block ${opening.source} in tokens.css`)
  const start = found.index + found[0].length
  return tokens.slice(start, tokens.indexOf('}', start))
}

function declarations(css: string): Map<string, string> {
  return new Map([...css.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]))
}

function resolve(scheme: Scheme, value: string): string {
  return value.replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => {
    const found = scheme.get(name)
    assert.ok(found, `${name} is not a token`)
    return resolve(scheme, found)
  })
}

function contrast(one: string, other: string): number {
  const [dark = 0, bright = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (bright + 0.05) / (dark + 0.05)
}

/** Relative luminance (WCAG 2.2) of an opaque oklch colour, channels clipped to sRGB as browsers do. Matrices: Björn Ottosson, 'A perceptual color space'. */
function luminance(colour: string): number {
  const found = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(colour)
  assert.ok(found, `${colour} is not an opaque oklch colour`)
  const [lightness = 0, chroma = 0, hue = 0] = found.slice(1).map(Number)
  const a = chroma * Math.cos(hue * Math.PI / 180)
  const b = chroma * Math.sin(hue * Math.PI / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
  const clip = (channel: number) => Math.min(1, Math.max(0, channel))
  return 0.2126 * clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)
    + 0.7152 * clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)
    + 0.0722 * clip(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
}
