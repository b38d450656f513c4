import { AppError } from '../../../platform/errors.ts'
import type { Caller } from '../../api/index.ts'
import type { Person, Unit } from '../../identity/index.ts'
import type { Template } from '../templates.ts'

/** The kinds that a caller may have issued: of a person, and named at its token. */
export function kindsOf(templates: ReadonlyMap<string, Template>, { kinds }: Pick<Caller, 'kinds'>): Template[] {
  return [...templates.values()].filter(({ kind, about }) => about === 'person' && kinds.includes(kind))
}

/** Is the unit one of `allowed`, or below one? Everything is, where nothing is named. */
export function isWithin(units: readonly Unit[], unit_id: string, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return true
  const byId = new Map(units.map(unit => [unit.id, unit]))
  const seen = new Set<string>()
  for (let at: string | null = unit_id; at !== null && !seen.has(at); at = byId.get(at)?.parent_id ?? null) {
    if (allowed.includes(at)) return true
    seen.add(at)
  }
  return false
}

/**
 * The student a caller may act for. One of another department is as unknown as one who is not there: a token of one faculty
 * must not tell who studies in the others.
 */
export function studentOf(person: Person | null, units: readonly Unit[], caller: Pick<Caller, 'units'>): Person {
  if (!person || person.kind !== 'student' || !isWithin(units, person.unit_id, caller.units)) {
    throw new AppError('not-found', '名单里没有这个学号，或者不在这个接口负责的院系', { code: 'documents:student-unknown', fields: { student_number: '名单里没有这个学号，或者不在这个接口负责的院系' } })
  }
  return person
}
