import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Eta } from 'eta'
import { AppError } from '../../platform/errors.ts'
import type { Language } from '../../platform/text.ts'
import { inHalves } from './layout.ts'
import { longDate } from './paper.ts'

/** A kind of document, as its file in `catalogue/documents` says. */
export type Template = {
  /** the file's name without ending */
  kind: string
  title: string
  language: Language
  /** whose facts it prints: the roster's of a person, or what an application tells */
  about: 'person' | 'application'
  /** a PDF that screen readers can follow, at the cost told in the README */
  tagged: boolean
  /** what the page prints about the person; without the required ones it cannot be drawn */
  facts: { key: string; required: boolean }[]
  seal: SealPlace
  /** transcript, certificate, record: which list it is chosen from, and what a hold stops */
  family: string
  /** the roster's standings whose numbers may have it; empty: any */
  standings: string[]
  /** fen */
  price: number
  /** how many a year are free of a kind that has a price */
  free: number
  sample: Facts
  /** front matter and page with its parts already in place: enough to draw the document again in ten years */
  source: string
  /** SHA-256 of `source`, hex */
  hash: string
}

/** In millimetres from the page's upper left corner; `page` from 1, or the last one. */
export type SealPlace = { page: number | 'last'; left: number; top: number; size: number }

/** Fact → text. Dates are `YYYY-MM-DD`; what is unknown is absent or empty. */
export type Facts = Record<string, string>

export type Paper = {
  facts: Facts
  school: { name: string; name_en: string }
  /** `YYYY-MM-DD` */
  issued_on: string
  /** this document's number, code as printed, verification address and its QR (SVG); without them the page is a preview and says so */
  number?: string
  code?: string
  verify_url?: string
  qr?: string
  /** data URI of the seal's picture */
  seal?: string | null
  /** data URIs of handwritten signatures, by the SHA-256 that the facts name */
  signatures?: ReadonlyMap<string, string>
  /** marks the page 样张 */
  specimen: boolean
}

/** All kinds in a directory, by kind. Files that begin with `_` are parts; a file that cannot be read stops the start. */
export function readTemplates(directory: string): Map<string, Template> {
  const files = readdirSync(directory).filter(name => name.endsWith('.eta') && !name.startsWith('_')).toSorted()
  const text = (name: string) => readFileSync(join(directory, name), 'utf8')
  return new Map(files.map(name => {
    const kind = basename(name, '.eta')
    return [kind, readTemplate(kind, assemble(text(name), part => text(`_${part}.eta`)))]
  }))
}

/** A page that is no document of its own, as the log of one. */
export type Part = (model: object) => string

/** The part of this name (`_name.eta`) with the parts in it. */
export function readPart(directory: string, name: string): Part {
  const text = (each: string) => readFileSync(join(directory, `_${each}.eta`), 'utf8')
  const page = eta.compile(assemble(text(name), text))
  return model => eta.render(page, model)
}

/** A template from its whole text, as a file or our store has it. */
export function readTemplate(kind: string, source: string): Template {
  const matter = readMatter(kind, divide(source).head)
  return {
    kind,
    title: matter('title'),
    language: matter('language') === 'en' ? 'en' : 'zh',
    about: matter('about', 'person') === 'application' ? 'application' : 'person',
    tagged: matter('tagged', 'no') === 'yes',
    facts: readFacts(matter('facts')),
    seal: readPlace(kind, matter('seal')),
    family: matter('family', 'record'),
    standings: matter('for', '-').split(/[\s,]+/).filter(standing => standing !== '-'),
    price: Number(matter('price')),
    free: Number(matter('free', '0')),
    sample: readSample(kind, matter('sample')),
    source,
    hash: hash('sha256', source),
  }
}

/** Keys of the required facts that are unknown or empty. */
export function missingFacts({ facts: wanted }: Pick<Template, 'facts'>, facts: Facts): string[] {
  return wanted.filter(({ key, required }) => required && !facts[key]).map(({ key }) => key)
}

const eta = new Eta({ autoTrim: false })
type TemplateFunction = ReturnType<Eta['compile']>

/** The page as HTML, from a template's `source`. Throws `invalid` where required facts are missing, naming them. */
export function renderDocument(source: string, paper: Paper): string {
  const { template, page } = compiled(source)
  const missing = missingFacts(template, paper.facts)
  if (missing.length > 0) {
    throw new AppError('invalid', '缺少证明所需的信息：{facts}', { params: { facts: missing.join('、') }, code: 'facts-missing' })
  }
  return eta.render(page, {
    ...paper,
    facts: Object.fromEntries(template.facts.map(({ key }) => [key, paper.facts[key] ?? ''])),
    place: template.seal,
    preview: !paper.code,
    date: (day: string) => longDate(day, template.language),
    inHalves,
  })
}

type Compiled = { template: Template; page: TemplateFunction }

const kept = new Map<string, Compiled>()

// A text of a template never changes, and there are few of them; compiling one costs more than filling it in.
function compiled(source: string): Compiled {
  const known = kept.get(source)
  if (known) return known
  const made = { template: readTemplate('document', source), page: eta.compile(divide(source).page) }
  kept.set(source, made)
  return made
}

// Front matter between two lines of `---`, then the page.
function divide(source: string): { head: string; page: string } {
  const [, head, page] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source) ?? []
  if (head === undefined || page === undefined) throw new Error('a template begins with front matter between two lines of ---')
  return { head, page }
}

// `name, birth_on?`: what ends in a question mark may be missing.
function readFacts(text: string): Template['facts'] {
  return text.split(/[\s,]+/).map(word => ({ key: word.replace(/\?$/, ''), required: !word.endsWith('?') }))
}

type Matter = (key: string, usual?: string) => string

// `key: value`; a line that begins with a space continues the value before it.
function readMatter(kind: string, head: string): Matter {
  const values = new Map([...head.replace(/\n[ \t]+/g, ' ').matchAll(/^([a-z]+):[ \t]*(.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]))
  return (key, usual) => {
    const value = values.get(key) ?? usual
    if (!value) throw new Error(`${kind}: front matter without ${key}`)
    return value
  }
}

// Parts are put in by text, not at run time, so that a template is one text with one hash. A part may have parts.
function assemble(page: string, part: (name: string) => string): string {
  return page.replace(/^[ \t]*<%~\s*part\('([a-z-]+)'\)\s*%>[ \t]*\n/gm, (_, name: string) => assemble(part(name), part))
}

function readPlace(kind: string, text: string): SealPlace {
  const found = /^page (\d+|last), left ([\d.]+) mm, top ([\d.]+) mm, size ([\d.]+) mm$/.exec(text)
  if (!found) throw new Error(`${kind}: seal must read 'page 1, left 132 mm, top 200 mm, size 42 mm', or page last`)
  const [left, top, size] = found.slice(2).map(Number)
  return { page: found[1] === 'last' ? 'last' : Number(found[1]), left: left ?? 0, top: top ?? 0, size: size ?? 0 }
}

function readSample(kind: string, text: string): Facts {
  const sample: unknown = JSON.parse(text)
  if (typeof sample !== 'object' || sample === null) throw new Error(`${kind}: sample must be an object`)
  return Object.fromEntries(Object.entries(sample).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]))
}
