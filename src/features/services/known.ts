import type { Db } from '../../platform/db.ts'
import { maskNumber, type Person } from '../identity/index.ts'
import type { Context } from './deps.ts'
import { type Known, type KnownPerson, NOBODY } from './fields/known.ts'
import type { Form, Input, Values } from './rules/form.ts'

type Directory = Pick<Context, 'identity'>

/** What the directory says about everybody whom these values or this typed input name, and about units where the form asks for one. */
export async function knownIn({ identity }: Directory, db: Db, form: Form, named: Input | Values): Promise<Known> {
  const asks = (what: 'person' | 'unit') => form.fields.filter(field => field.names === what)
  if (asks('person').length === 0 && asks('unit').length === 0) return NOBODY
  const ids = asks('person').flatMap(field => idIn(named[field.definition.key]))
  const people = await identity.peopleByIds(db, [...new Set(ids)])
  const units = asks('unit').length > 0 ? await identity.listUnits(db) : []
  return { people: new Map(people.map(person => [person.id, knownPerson(person)])), units: new Map(units.map(({ id, name }) => [id, { id, name }])) }
}

// Shorter words would list the university.
const SHORTEST = 2
const FOUND = 8

/** People whom these words may mean; null where there are too few words to look for anybody. */
export async function findPeople({ identity }: Directory, db: Db, q: string, kind: 'staff' | 'student'): Promise<readonly KnownPerson[] | null> {
  if ([...q.trim()].length < SHORTEST) return null
  const { people } = await identity.searchPeople(db, { q, kind, limit: FOUND * 2 })
  return people.map(knownPerson).filter(person => !person.gone).slice(0, FOUND)
}

function knownPerson({ id, name, unit_name, number, kind, standing }: Person): KnownPerson {
  return { id, name, unit: unit_name, number: maskNumber(number), kind, gone: standing === 'left' || standing === 'withdrawn' }
}

function idIn(named: unknown): string[] {
  const id: unknown = typeof named === 'object' && named !== null && 'id' in named ? named.id : named
  return typeof id === 'string' && /^[0-9A-Z]{26}$/.test(id) ? [id] : []
}
