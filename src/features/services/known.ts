import { schoolTime } from '../../platform/dates.ts'
import type { Db } from '../../platform/db.ts'
import { maskNumber, type Person } from '../identity/index.ts'
import type { Context } from './deps.ts'
import type { Control } from './fields/control.ts'
import type { Typed } from './fields/field.ts'
import { type Known, type KnownPerson, NOBODY } from './fields/known.ts'
import type { Form, Input, Values } from './rules/form.ts'

type Directory = Pick<Context, 'identity'>
type World = Directory & Pick<Context, 'workingTime'>

/** What `knownIn` says, and which day it is: where a form is filled in to be sent. */
export async function knownToday(context: World & Pick<Context, 'clock'>, db: Db, form: Form, named: Input): Promise<Known> {
  return { ...await knownIn(context, db, form, named), today: schoolTime(context.clock.now()).date }
}

/** What the directory says about everybody whom these values or this typed input name, and about units where the form asks for one; and which days are worked. */
export async function knownIn({ identity, workingTime: { isWorkday } }: World, db: Db, form: Form, named: Input | Values): Promise<Known> {
  const asks = (what: 'person' | 'unit') => form.fields.filter(field => field.names === what)
  if (asks('person').length === 0 && asks('unit').length === 0) return { ...NOBODY, isWorkday }
  const people = await peopleNamed({ identity }, db, asks('person').flatMap(field => idsIn(named[field.definition.key])))
  const units = asks('unit').length > 0 ? await identity.listUnits(db) : []
  return { people, units: new Map(units.map(({ id, name }) => [id, { id, name }])), isWorkday }
}

/** People by id. */
export async function peopleNamed({ identity }: Directory, db: Db, ids: readonly string[]): Promise<Map<string, KnownPerson>> {
  return new Map((await identity.peopleByIds(db, [...new Set(ids)])).map(person => [person.id, knownPerson(person)]))
}

/** Whom the searches of a form find, by field. */
export async function foundFor(context: Directory, db: Db, form: Form, input: Input): Promise<Map<string, readonly KnownPerson[] | null>> {
  const found = new Map<string, readonly KnownPerson[] | null>()
  for (const { definition: { key }, control } of form.fields) {
    const q = control.kind === 'person' ? searchedIn(input[key]) : ''
    if (control.kind === 'person' && q) found.set(key, await findPeople(context, db, q, control))
  }
  return found
}

function searchedIn(typed: Typed | undefined): string {
  return typeof typed === 'object' && 'q' in typed && typeof typed.q === 'string' ? typed.q : ''
}

// Shorter words would list the university.
const SHORTEST = 2
const FOUND = 8

/** Of that kind or among these; null where there are too few words to look for anybody. */
async function findPeople({ identity }: Directory, db: Db, q: string, { of: kind, among }: Pick<Extract<Control, { kind: 'person' }>, 'of' | 'among'>): Promise<readonly KnownPerson[] | null> {
  if ([...q.trim()].length < SHORTEST) return null
  if (among) return await amongThem(identity, db, q, among)
  const { people } = await identity.searchPeople(db, { q, kind, limit: FOUND * 2 })
  return people.map(knownPerson).filter(person => !person.gone).slice(0, FOUND)
}

function knownPerson({ id, name, unit_name, number, kind, standing }: Person): KnownPerson {
  return { id, name, unit: unit_name, number: maskNumber(number), kind, gone: standing === 'left' || standing === 'withdrawn' }
}

// What the directory finds is in no order that says who is allowed: it is asked for so many that hardly one is missed.
const LOOKED_THROUGH = 500

async function amongThem(identity: Directory['identity'], db: Db, q: string, among: readonly KnownPerson[]): Promise<readonly KnownPerson[]> {
  const found = new Set((await identity.searchPeople(db, { q, limit: LOOKED_THROUGH })).people.map(person => person.id))
  return among.filter(person => found.has(person.id)).slice(0, FOUND)
}

/** The ids that a value or something typed holds. */
export function idsIn(named: unknown): string[] {
  const ids: unknown = typeof named === 'object' && named !== null && 'id' in named ? named.id : named
  return [ids].flat().filter(id => typeof id === 'string' && /^[0-9A-Z]{26}$/.test(id)).map(String)
}
