import { hash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { fits } from '../../../platform/schema.ts'
import type { T } from '../../../platform/text.ts'
import type { Facts, Template } from '../templates.ts'
import { FACTS } from '../trouble.ts'

/** A line of a paper that can be pointed at; `key` names it for as long as it is printed. */
export type Line = { key: string; label: string; value: string }

const WORDS: Record<string, string> = { male: '男', female: '女' }

/** The printed lines as they stand: each fact, and each course. REST stands for what no line says. */
export function linesOf(template: Template, facts: Facts, t: T): Line[] {
  const lines = template.facts.flatMap(({ key }): Line[] => {
    const value = facts[key] ?? ''
    if (value === '') return []
    const courses = coursesIn(value)
    return courses ? courses.map(course => courseLine(key, course, t)) : [{ key, label: t(FACTS[key] ?? key), value: WORDS[value] ? t(WORDS[value]) : value }]
  })
  return [...lines, { key: REST, label: t('其他地方'), value: t('上面没有列出的内容，或者少了一项') }]
}

export const REST = 'rest'

const Courses = Type.Array(Type.Object({ name: Type.String(), year: Type.String(), term: Type.String(), credits: Type.String(), mark: Type.String(), note: Type.String() }))
type Courses = Static<typeof Courses>

function coursesIn(value: string): Courses | null {
  if (!value.startsWith('[')) return null
  const parsed: unknown = JSON.parse(value)
  return fits<Courses>(Courses, parsed) ? parsed : null
}

/** A course is named by all that is printed of it: put right it is another line, which may be wrong anew. */
function courseLine(key: string, course: Courses[number], t: T): Line {
  const { name, year, term, credits, mark, note } = course
  const value = t('{year} 学年第 {term} 学期，{credits} 学分，成绩 {mark}', { year, term, credits, mark })
  return { key: `${key}.${hash('sha256', JSON.stringify(course)).slice(0, 24)}`, label: name, value: note === '' ? value : `${value} · ${note}` }
}
