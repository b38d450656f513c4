import { compare, type Exact, exact, over, plus, rounded, sum, times, ZERO } from './exact.ts'
import type { Scheme, Word } from './schemes.ts'

/** A course taken once, as the registrar's system has it. */
export type Attempt = { year: string; term: string; course_code: string; nature: string | null; credits: number; mark: string; exam: string }

/** What a mark is worth: null stands for 'counts for nothing here', as a pass without a mark. */
type Worth = { result: Word['result']; mark: Exact | null; points: Exact | null }

export type Line<Row> = {
  row: Row
  result: Word['result']
  /** a resit or retake of a course taken before */
  again: boolean
  /** what it counts in the average and the GPA, after the rule for retakes; null where it does not count */
  counted: { mark: Exact | null; points: Exact | null } | null
}

export type Reckoning<Row> = {
  /** in order of time, attempts of one term in the order of their courses */
  lines: Line<Row>[]
  /** marks that the scheme cannot read, each once; nothing else may be used where there are any */
  unknown: string[]
  attempted: Exact
  earned: Exact
  /** null where nothing counts */
  average: Exact | null
  gpa: Exact | null
}

/** Credits, weighted average and GPA of one number's grades under a scheme. Pure, and exact until something is printed. */
export function reckon<Row extends Attempt>(scheme: Scheme, rows: readonly Row[]): Reckoning<Row> {
  const read = rows.toSorted(inTime(scheme)).map(row => ({ row, worth: worthOf(scheme, row.mark) }))
  const unknown = [...new Set(read.filter(({ worth }) => !worth).map(({ row }) => row.mark))]
  const taken = read.flatMap(({ row, worth }) => worth ? [{ row, worth }] : [])
  const courses = [...Map.groupBy(taken, ({ row }) => row.course_code).values()]
  const judged = new Map(courses.flatMap(attempts => judge(scheme, attempts)).map(line => [line.row, line]))
  const lines = taken.flatMap(({ row }) => judged.get(row) ?? [])
  return { lines, unknown, ...credits(courses), average: mean(scheme, lines, 'mark'), gpa: mean(scheme, lines, 'points') }
}

/** A percent mark in the scheme's points. */
export function pointsFor({ conversion, round }: Pick<Scheme, 'conversion' | 'round'>, mark: Exact): Exact {
  const asked = round.marks ? exact(rounded(mark, 0)) : mark
  if ('bands' in conversion) return inBand(conversion.bands, asked)
  if (compare(asked, exact(conversion.from)) < 0) return ZERO
  // Horner, from the highest power down.
  return conversion.polynomial.toReversed().reduce((value, factor) => plus(times(value, asked), exact(factor)), ZERO)
}

function inBand(bands: readonly (readonly [string, string])[], mark: Exact): Exact {
  const [, points = '0'] = bands.find(([from]) => compare(mark, exact(from)) >= 0) ?? []
  return exact(points)
}

const PERCENT = /^\d{1,3}(\.\d+)?$/
const FULL = exact('100')

/** null: the scheme does not know what it means. */
function worthOf(scheme: Scheme, written: string): Worth | null {
  const text = tidy(written)
  const word = scheme.words.get(text)
  if (word) {
    const mark = word.mark === undefined ? null : exact(word.mark)
    const points = word.points === undefined ? mark && pointsFor(scheme, mark) : exact(word.points)
    return { result: word.result, mark, points: points && settled(scheme, points) }
  }
  const mark = PERCENT.test(text) ? exact(text) : null
  return mark && compare(mark, FULL) <= 0 ? ofMark(scheme, mark) : null
}

function ofMark(scheme: Scheme, mark: Exact): Worth {
  return { result: compare(mark, exact(scheme.pass)) >= 0 ? 'passed' : 'failed', mark, points: settled(scheme, pointsFor(scheme, mark)) }
}

/** Points as they go into the sum. */
function settled({ round, digits }: Scheme, points: Exact): Exact {
  return round.points ? exact(rounded(points, digits.points)) : points
}

/** Full width and half width, with and without spaces, are the same mark. */
export function tidy(mark: string): string {
  return mark.normalize('NFKC').trim().toUpperCase()
}

type Taken<Row> = { row: Row; worth: Worth }

function judge<Row extends Attempt>(scheme: Scheme, attempts: readonly Taken<Row>[]): Line<Row>[] {
  const { natures } = scheme.exclude
  const able = attempts.filter(({ row, worth }) => (worth.result === 'passed' || worth.result === 'failed') && (worth.mark || worth.points) && !natures.includes(row.nature ?? ''))
  const chosen = new Set(choose(scheme.retake.take, able))
  return attempts.map((attempt, index) => {
    const { row, worth } = attempt
    const again = scheme.retake.exams.includes(row.exam) || attempts.slice(0, index).some(before => before.worth.result !== 'none')
    return { row, result: worth.result, again, counted: chosen.has(attempt) ? countedAs(scheme, worth, again) : null }
  })
}

function choose<Row>(take: Scheme['retake']['take'], attempts: readonly Taken<Row>[]): readonly Taken<Row>[] {
  if (take === 'all') return attempts
  const one = take === 'first' ? attempts[0] : take === 'latest' ? attempts.at(-1)
    : (take === 'first-pass' && attempts.find(({ worth }) => worth.result === 'passed')) || attempts.toSorted(better)[0]
  return one ? [one] : []
}

function better<Row>({ worth: a }: Taken<Row>, { worth: b }: Taken<Row>): number {
  return Number(b.result === 'passed') - Number(a.result === 'passed') || order(b.points, a.points) || order(b.mark, a.mark)
}

function order(a: Exact | null, b: Exact | null): number {
  return a && b ? compare(a, b) : Number(!b) - Number(!a)
}

function countedAs(scheme: Scheme, { result, mark, points }: Worth, again: boolean): { mark: Exact | null; points: Exact | null } {
  const rule = scheme.retake.passed
  if (!again || result !== 'passed' || !rule) return { mark, points }
  if ('mark' in rule) return { mark: exact(rule.mark), points: settled(scheme, pointsFor(scheme, exact(rule.mark))) }
  return { mark, points: 'points' in rule ? exact(rule.points) : mark && inBand(rule.bands, mark) }
}

function mean<Row extends Attempt>({ denominator }: Scheme, lines: readonly Line<Row>[], of: 'mark' | 'points'): Exact | null {
  const terms = lines.flatMap(({ row, result, counted }) => {
    const value = counted?.[of]
    return value && (denominator === 'attempted' || result === 'passed') ? [{ value, weight: exact(row.credits) }] : []
  })
  const weight = sum(terms.map(term => term.weight))
  return weight.top === 0n ? null : over(sum(terms.map(term => times(term.value, term.weight))), weight)
}

/** A course has its credits once, however often it was taken. */
function credits<Row extends Attempt>(courses: readonly (readonly Taken<Row>[])[]): { attempted: Exact; earned: Exact } {
  const of = (wanted: (result: Word['result']) => boolean) => sum(courses.flatMap(attempts => {
    const found = attempts.findLast(({ worth }) => wanted(worth.result))
    return found ? [exact(found.row.credits)] : []
  }))
  return { attempted: of(result => result !== 'none'), earned: of(result => result === 'passed' || result === 'exempt') }
}

function inTime({ retake }: Scheme): (a: Attempt, b: Attempt) => number {
  const later = ({ exam }: Attempt) => Number(retake.exams.includes(exam))
  return (a, b) => compareText(a.year, b.year) || compareText(a.term, b.term) || later(a) - later(b) || 0
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
