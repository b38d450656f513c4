import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Static, Type } from 'typebox'
import { check } from '../../../platform/schema.ts'
import { tidy } from './scheme.ts'

const Decimal = Type.String({ pattern: '^-?\\d+(\\.\\d+)?$' })
const only = { additionalProperties: false }
const Phrase = Type.Object({ zh: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) }, only)
/** lower bound and points, the highest first; below the last one: 0 */
const Bands = Type.Array(Type.Tuple([Decimal, Decimal]), { minItems: 1 })
const Digits = Type.Integer({ minimum: 0, maximum: 6 })

/**
 * What a word stands for. With `mark` it counts in the average, and in the GPA by the scheme's conversion or by `points`; with neither
 * it counts in neither. `none`: no result yet, as 缓考; `exempt`: the credits without an examination, as 免修. `en`: as English papers print it.
 */
const Meaning = Type.Object({
  result: Type.Union([Type.Literal('passed'), Type.Literal('failed'), Type.Literal('none'), Type.Literal('exempt')]),
  en: Type.String({ minLength: 1 }), mark: Type.Optional(Decimal), points: Type.Optional(Decimal),
}, only)

const SchemeFile = Type.Object({
  name: Phrase,
  /** printed at the foot: how a mark becomes points, and how the sums are made (words, retakes, what is left out) */
  rule: Type.Object({ points: Phrase, average: Phrase }, only),
  /** the most points there are, as printed */
  scale: Type.String(),
  /** false: of public calculators only, so that a university chooses it knowingly and nobody takes it for another school's own rule */
  confirmed: Type.Boolean(),
  pass: Decimal,
  /** factors from the constant up: points = p0 + p1·mark + p2·mark² for marks from `from`, 0 below */
  conversion: Type.Union([Type.Object({ bands: Bands }, only), Type.Object({ from: Decimal, polynomial: Type.Array(Decimal, { minItems: 1 }) }, only)]),
  /** of _scales.json; where two know a word, the later one holds */
  scales: Type.Array(Type.String()),
  retake: Type.Object({
    /** which attempt of a course counts; first-pass: the first that passed, else the best */
    take: Type.Union([Type.Literal('first-pass'), Type.Literal('best'), Type.Literal('first'), Type.Literal('latest'), Type.Literal('all')]),
    /** 考试性质 that are retakes whatever stands before them */
    exams: Type.Array(Type.String()),
    /** what a passed retake counts as; null: as any other */
    passed: Type.Union([Type.Null(), Type.Object({ mark: Decimal }, only), Type.Object({ points: Decimal }, only), Type.Object({ bands: Bands }, only)]),
  }, only),
  /** 课程性质 that have credits but count in neither average nor GPA */
  exclude: Type.Object({ natures: Type.Array(Type.String()) }, only),
  /** whose credits the sums are divided by: of all courses that count, or of those passed */
  denominator: Type.Union([Type.Literal('attempted'), Type.Literal('passed')]),
  /** marks to whole ones before their band is looked up; points of each course before they are summed */
  round: Type.Object({ marks: Type.Boolean(), points: Type.Boolean() }, only),
  digits: Type.Object({ points: Digits, gpa: Digits, average: Digits }, only),
}, only)

const Scales = Type.Record(Type.String(), Type.Record(Type.String(), Meaning))
/** The first that fits holds. `from` and `to` are years of entry, both included; null: no bound; `levels` null: all. */
const Cohorts = Type.Array(Type.Object({
  scheme: Type.String(), levels: Type.Union([Type.Null(), Type.Array(Type.String())]),
  from: Type.Union([Type.Null(), Type.Integer()]), to: Type.Union([Type.Null(), Type.Integer()]),
}, only))

export type Word = Static<typeof Meaning>
export type Scheme = Static<typeof SchemeFile> & { key: string; words: ReadonlyMap<string, Word> }

export type Schemes = {
  all: ReadonlyMap<string, Scheme>
  /** The scheme of a student of this level who entered in this year (facts `level` and `grade`); undefined where none was chosen. */
  of(student: { level?: string; grade?: string }): Scheme | undefined
}

/** Reads `catalogue/gpa`: a scheme a file, `_scales.json`, `_cohorts.json`. What cannot be read stops the start. */
export function readSchemes(directory: string): Schemes {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), 'utf8'))
  const scales = check<Static<typeof Scales>>(Scales, read('_scales.json'))
  const cohorts = check<Static<typeof Cohorts>>(Cohorts, read('_cohorts.json'))
  const files = readdirSync(directory).filter(name => name.endsWith('.json') && !name.startsWith('_')).toSorted()
  const all = new Map(files.map(name => {
    const scheme = check<Static<typeof SchemeFile>>(SchemeFile, read(name))
    return [basename(name, '.json'), { ...scheme, key: basename(name, '.json'), words: wordsOf(scheme.scales, scales) }]
  }))
  const strange = cohorts.find(({ scheme }) => !all.has(scheme))
  if (strange) throw new Error(`catalogue/gpa/_cohorts.json: there is no scheme ${strange.scheme}`)
  return {
    all,
    of({ level, grade }) {
      const year = Number(grade)
      const found = cohorts.find(({ levels, from, to }) => (!levels || levels.includes(level ?? '')) && (from === null || year >= from) && (to === null || year <= to))
      return found && all.get(found.scheme)
    },
  }
}

function wordsOf(names: readonly string[], scales: Static<typeof Scales>): ReadonlyMap<string, Word> {
  return new Map(names.flatMap(name => {
    const scale = scales[name]
    if (!scale) throw new Error(`catalogue/gpa/_scales.json has no scale ${name}`)
    return Object.entries(scale).map(([word, meaning]): [string, Word] => [tidy(word), meaning])
  }))
}
