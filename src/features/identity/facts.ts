import type { Db } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { standings } from './rules/standing.ts'
import { selectFacts } from './store/people.ts'

/**
 * Everything a certificate or transcript says of a person under one number, as text; what is not known is left out.
 * Keys: name, name_en, gender (male/female), birth_on, number, standing (在读…), unit, unit_en, major, major_en, class_name, grade (year of entry),
 * level, years, entered_on, ends_on, title. Days are YYYY-MM-DD.
 */
export async function factsOf(db: Db, person_id: string, number: string): Promise<Record<string, string>> {
  const row = await selectFacts(db, person_id, number)
  if (!row) throw new AppError('not-found', '这个学工号不在名单里。请联系学校信息中心核对')
  const facts: Record<string, string | null> = {
    name: row.name, name_en: row.name_en, gender: row.gender, birth_on: row.birth_on, number: row.number,
    standing: standings[row.standing].label, unit: row.unit_name, unit_en: row.unit_name_en,
    major: row.major, major_en: row.major_en, class_name: row.class_name, grade: row.entered_on.slice(0, 4), level: row.level,
    years: row.years === null ? null : String(row.years), entered_on: row.entered_on, ends_on: row.ends_on, title: row.title,
  }
  return Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== null))
}
