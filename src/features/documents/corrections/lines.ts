import { hash } from 'node:crypto'
import type { T } from '../../../platform/text.ts'
import { type Course, coursesIn, courseWords, factLine } from '../shared/facts.ts'
import type { Facts, Template } from '../templates.ts'

/** A line of a paper that can be pointed at; `key` names it for as long as it is printed. */
export type Line = { key: string; label: string; value: string }

/** The printed lines as they stand: each fact, and each course. REST stands for what no line says. */
export function linesOf(template: Template, facts: Facts, t: T): Line[] {
  const lines = template.facts.flatMap(({ key }): Line[] => {
    const value = facts[key] ?? ''
    if (value === '') return []
    const courses = coursesIn(value)
    return courses ? courses.map(course => courseLine(key, course, t)) : [{ key, ...factLine(key, value, t) }]
  })
  return [...lines, { key: REST, label: t('其他地方'), value: t('上面没有列出的内容，或者少了一项') }]
}

export const REST = 'rest'

/** A course is named by all that is printed of it: put right it is another line, which may be wrong anew. */
function courseLine(key: string, course: Course, t: T): Line {
  return { key: `${key}.${hash('sha256', JSON.stringify(course)).slice(0, 24)}`, label: course.name, value: courseWords(course, t) }
}
