import type { T } from './verdict.ts'

// The facts of identity.factsOf and of the grades, as people call them.
export const FACTS: Record<string, string> = {
  name: '姓名', name_en: '英文姓名', gender: '性别', birth_on: '出生日期', number: '学号', unit: '院系', unit_en: '院系英文名称',
  major: '专业', major_en: '专业英文名称', class_name: '班级', level: '培养层次', years: '学制', entered_on: '入学日期', ends_on: '预计毕业日期',
  courses: '成绩', credits_attempted: '修读学分', credits_earned: '取得学分', average: '加权平均分', average_rule: '平均分的算法', gpa: '平均学分绩点', gpa_scale: '绩点满分',
  scheme: '绩点算法', gpa_rule: '绩点怎样算', data_on: '成绩数据的日期', purpose: '用途',
}

const WORDS: Record<string, Record<string, string>> = {
  gender: { male: '男', female: '女' },
  level: { 专科: '专科', 本科: '本科', 硕士: '硕士', 硕士研究生: '硕士研究生', 博士: '博士', 博士研究生: '博士研究生' },
  years: { 1: '一年', 2: '两年', 3: '三年', 4: '四年', 5: '五年', 6: '六年', 7: '七年', 8: '八年' },
}
const DAYS: ReadonlySet<string> = new Set(['birth_on', 'entered_on', 'ends_on', 'data_on'])
const MONTHS = ['1月', '2月', '3月', '4月', '5月', '6月', '7月', '8月', '9月', '10月', '11月', '12月']

/** A course as a transcript prints it. */
export type Course = { name: string; year: string; term: string; credits: string; mark: string; note: string }

/** The courses that a fact holds; null for any other fact, as a purpose that somebody typed in brackets. */
export function coursesIn(value: string): Course[] | null {
  if (!value.startsWith('[{')) return null
  try {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) && parsed.every(isCourse) ? parsed : null
  } catch {
    return null
  }
}

function isCourse(value: unknown): value is Course {
  return typeof value === 'object' && value !== null && ['name', 'year', 'term', 'credits', 'mark', 'note'].every(key => typeof Object.entries(value).find(([own]) => own === key)?.[1] === 'string')
}

/** What is printed of a course beside its name. */
export function courseWords({ year, term, credits, mark, note }: Course, t: T): string {
  const value = t('{year} 学年第 {term} 学期，{credits} 学分，成绩 {mark}', { year, term, credits, mark })
  return note === '' ? value : `${value} · ${note}`
}

/** A fact that is no list, with its name and as the paper writes it. */
export function factLine(key: string, value: string, t: T): { label: string; value: string } {
  return { label: t(FACTS[key] ?? key), value: factWords(key, value, t) }
}

function factWords(key: string, value: string, t: T): string {
  if (DAYS.has(key)) return dayWords(value, t)
  const phrase = WORDS[key]?.[value]
  return phrase === undefined ? value : t(phrase)
}

/** What is no day stays as it is. */
function dayWords(written: string, t: T): string {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(written) ?? []
  const named = MONTHS[Number(month) - 1]
  return named === undefined ? written : t('{year}年{month}{day}日', { year, month: t(named), day: Number(day) })
}
