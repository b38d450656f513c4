import { WecomError } from './errors.ts'

/** What a JSON value looks like. Everything may be missing; what is required is for the rules to say, each with its own code. */
export type Shape = 'text' | 'number' | 'flag' | 'any' | readonly [Shape] | { readonly [key: string]: Shape }

/** The TypeScript type that a shape describes. */
export type Of<S> = S extends 'text' ? string
  : S extends 'number' ? number
  : S extends 'flag' ? boolean
  : S extends 'any' ? unknown
  : S extends readonly [infer I] ? Of<I>[]
  : { [K in keyof S]?: Of<S[K]> }

export type Json = Record<string, unknown>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const typeNames = { text: 'string', number: 'number', flag: 'boolean' } as const

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape)
}

/** The path of the first field with a wrong type, or null when all fits. */
export function misfit(shape: Shape, value: unknown, path: string): string | null {
  if (shape === 'any') return null
  if (typeof shape === 'string') return typeof value === typeNames[shape] ? null : path
  if (isList(shape)) {
    if (!Array.isArray(value)) return path
    return first(value.map((item, index) => misfit(shape[0], item, `${path}[${index}]`)))
  }
  if (!isRecord(value)) return path
  return first(Object.entries(shape).map(([key, inner]) => {
    const field = value[key]
    return field === undefined ? null : misfit(inner, field, path === '' ? key : `${path}.${key}`)
  }))
}

function first(paths: (string | null)[]): string | null {
  return paths.find((path) => path !== null) ?? null
}

function fits<S extends Shape>(shape: S, value: unknown): value is Of<S> {
  return misfit(shape, value, '') === null
}

/** The value with its type, or 40058 that names the wrong field. */
export function read<const S extends Shape>(shape: S, value: unknown, name = ''): Of<S> {
  if (!fits(shape, value)) throw new WecomError(40058, `${misfit(shape, value, name) || 'body'} has a wrong type`)
  return value
}

/** Length in UTF-8 bytes, the platform's measure for most limits. */
export function bytes(text: string): number {
  return Buffer.byteLength(text)
}

/** Cuts to so many bytes without splitting a character. */
export function cutBytes(text: string, max: number): string {
  if (bytes(text) <= max) return text
  let size = 0
  let kept = ''
  for (const char of text) {
    size += bytes(char)
    if (size > max) break
    kept += char
  }
  return kept
}

/** Cuts to so many characters. */
export function cutChars(text: string, max: number): string {
  return [...text].slice(0, max).join('')
}
