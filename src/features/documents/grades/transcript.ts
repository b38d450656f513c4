import type { Language } from '../../../platform/text.ts'
import type { Facts } from '../templates.ts'
import { keptTrouble, type Trouble } from '../trouble.ts'
import { plain, rounded } from './exact.ts'
import { type Line, reckon, type Reckoning, tidy } from './scheme.ts'
import type { Scheme } from './schemes.ts'
import type { Grade } from './store.ts'

/** A line of a transcript as printed, in the paper's language. */
export type Course = {
  name: string; year: string; term: string; nature: string; credits: string; mark: string
  /** '' where the line does not count in the GPA */
  points: string
  /** 补考, 重修…; '' for a first attempt */
  note: string
}

/** The facts that come from grades; `trouble` where they cannot be told. */
export const GRADE_FACTS: ReadonlySet<string> = new Set(['courses', 'credits_attempted', 'credits_earned', 'average', 'average_rule', 'gpa', 'gpa_scale', 'scheme', 'gpa_rule', 'data_on'])

type Sources = { scheme: Scheme | undefined; grades: readonly Grade[]; data_on: string | undefined; language: Language }

/** What grades say on paper: courses in order of time (a JSON list of Course), credits, average, GPA and by which rule. */
export function transcriptFacts({ scheme, grades, data_on, language }: Sources): Facts {
  if (grades.length === 0) return troubled({ why: 'no-grades', what: [] })
  if (!scheme) return troubled({ why: 'no-scheme', what: [] })
  const reckoning = reckon(scheme, grades)
  if (reckoning.unknown.length > 0) return troubled({ why: 'marks-unknown', what: reckoning.unknown })
  const unnamed = language === 'en' ? grades.filter(({ course_en }) => !course_en).map(({ course }) => course) : []
  if (unnamed.length > 0) return troubled({ why: 'english-missing', what: [...new Set(unnamed)] })
  return {
    courses: JSON.stringify(reckoning.lines.map(line => courseOf(scheme, line, language))),
    ...totals(scheme, reckoning), gpa_scale: scheme.scale, scheme: scheme.name[language], gpa_rule: scheme.rule.points[language], average_rule: scheme.rule.average[language],
    ...data_on !== undefined && { data_on },
  }
}

function troubled(trouble: Trouble): Facts {
  return { trouble: keptTrouble(trouble) }
}

function totals({ digits }: Scheme, { attempted, earned, average, gpa }: Reckoning<Grade>): Facts {
  if (!average && !gpa) return { credits_attempted: plain(attempted), credits_earned: plain(earned), trouble: keptTrouble({ why: 'nothing-counts', what: [] }) }
  return {
    credits_attempted: plain(attempted), credits_earned: plain(earned),
    ...average && { average: rounded(average, digits.average) }, ...gpa && { gpa: rounded(gpa, digits.gpa) },
  }
}

const NATURES: Record<string, string> = { 必修: 'R', 选修: 'E' }
const NOTES: Record<string, string> = { 补考: 'Resit', 重考: 'Resit', 重修: 'Retake', 缓考: 'Deferred exam' }
const ORDINARY = new Set(['', '正常考试', '正常'])

function courseOf({ words, digits }: Scheme, { row, again, counted }: Line<Grade>, language: Language): Course {
  const { year, term, credits, mark, exam, nature } = row
  const inEnglish = language === 'en'
  return {
    name: inEnglish ? row.course_en ?? '' : row.course, year, term, nature: inEnglish ? NATURES[nature ?? ''] ?? '' : nature ?? '', credits: String(credits),
    mark: inEnglish ? words.get(tidy(mark))?.en ?? mark : mark, points: counted?.points ? rounded(counted.points, digits.points) : '',
    note: ORDINARY.has(exam) ? '' : inEnglish ? NOTES[exam] ?? (again ? 'Retake' : '') : exam,
  }
}
