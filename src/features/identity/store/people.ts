import type { Db } from '../../../platform/db.ts'
import { prepared, type Value } from '../../../platform/prepared.ts'
import type { Gender, Kind, Standing } from '../tables.ts'

/** A person as one of their numbers has them: unit, kind and standing are that number's. */
export type Person = {
  id: string
  number: string
  name: string
  name_en: string
  gender: Gender
  kind: Kind
  standing: Standing
  unit_id: string
  unit_name: string
  title: string | null
  email: string | null
  tutor_id: string | null
  leader_number: string | null
}

/** People with the facts of a number; the caller says which number. */
export function selectPeople(db: Db) {
  return db.selectFrom('identity_numbers as n')
    .innerJoin('identity_people as p', 'p.id', 'n.person_id')
    .innerJoin('identity_units as u', 'u.id', 'n.unit_id')
    .select(['p.id', 'n.number', 'p.name', 'p.name_en', 'p.gender', 'n.kind', 'n.standing', 'n.unit_id', 'u.name as unit_name', 'n.title', 'p.email', 'n.tutor_id', 'n.leader_number'])
}

/** As their leading number has them. */
export async function personById(db: Db, id: string): Promise<Person | null> {
  const [person] = await peopleById(db, { ids: [id] })
  return person ?? null
}

const peopleById = prepared((db: Db, value: Value<{ ids: readonly string[] }>) =>
  selectPeople(db).where('p.id', 'in', value('ids')).whereRef('n.number', '=', 'p.number'))

export async function peopleByIds(db: Db, ids: readonly string[]): Promise<Person[]> {
  if (ids.length === 0) return []
  return await peopleById(db, { ids })
}

export async function personByNumber(db: Db, number: string): Promise<Person | null> {
  const [person] = await peopleByNumber(db, { number })
  return person ?? null
}

const peopleByNumber = prepared((db: Db, value: Value<{ number: string }>) => selectPeople(db).where('n.number', '=', value('number')))

export async function peopleByNumbers(db: Db, numbers: readonly string[]): Promise<Person[]> {
  return numbers.length === 0 ? [] : await selectPeople(db).where('n.number', 'in', numbers).execute()
}

/** Whom this member of WeCom is bound to, as the bound number has them; letters' case does not count (90195). */
export async function personByWecomUserid(db: Db, userid: string): Promise<Person | null> {
  return await selectPeople(db).innerJoin('identity_bindings as b', 'b.current_number', 'n.number')
    .where('b.current_userid', '=', userid.toLowerCase()).executeTakeFirst() ?? null
}

export type Facts = Awaited<ReturnType<typeof selectFacts>>

/** What certificates and transcripts need of a person under one number; sealed columns still sealed. */
export async function selectFacts(db: Db, person_id: string, number: string) {
  return await db.selectFrom('identity_numbers as n').innerJoin('identity_people as p', 'p.id', 'n.person_id').innerJoin('identity_units as u', 'u.id', 'n.unit_id')
    .select([
      'n.number', 'n.kind', 'n.standing', 'n.title', 'n.level', 'n.major', 'n.major_en', 'n.class_name', 'n.years', 'n.entered_on', 'n.ends_on',
      'p.name', 'p.name_en', 'p.gender', 'p.birth_on', 'p.document_type', 'p.document_sealed', 'p.email', 'u.name as unit_name', 'u.name_en as unit_name_en',
    ])
    .where('n.number', '=', number).where('n.person_id', '=', person_id).executeTakeFirst()
}

export async function contactRow(db: Db, person_id: string): Promise<{ email: string | null; phone_sealed: string | null } | undefined> {
  return await db.selectFrom('identity_people').select(['email', 'phone_sealed']).where('id', '=', person_id).executeTakeFirst()
}

/** What the account page shows of a person; sealed columns still sealed. */
export async function accountRow(db: Db, person_id: string) {
  return await db.selectFrom('identity_people').select(['document_type', 'document_sealed', 'phone_sealed', 'phone_proven_at', 'email', 'email_proven_at']).where('id', '=', person_id).executeTakeFirst() ?? null
}

/** A person's numbers, the leading one first. */
export async function numbersOf(db: Db, person_id: string) {
  const rows = await db.selectFrom('identity_numbers as n').innerJoin('identity_units as u', 'u.id', 'n.unit_id').innerJoin('identity_people as p', 'p.id', 'n.person_id')
    .select(['n.number', 'n.kind', 'n.standing', 'n.title', 'n.leader_number', 'n.level', 'n.major', 'n.class_name', 'n.entered_on', 'n.ends_on', 'u.name as unit_name', 'p.number as leading'])
    .where('n.person_id', '=', person_id).orderBy('n.entered_on', 'desc').execute()
  return rows.toSorted((a, b) => Number(b.number === b.leading) - Number(a.number === a.leading))
}

export async function setLanguage(db: Db, person_id: string, language: 'zh' | 'en'): Promise<void> {
  await db.updateTable('identity_people').set({ language }).where('id', '=', person_id).execute()
}

/** Which of the numbers are in the roster. */
export async function knownNumbers(db: Db, numbers: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>()
  for (let from = 0; from < numbers.length; from += 500) {
    const rows = await db.selectFrom('identity_numbers').select('number').where('number', 'in', numbers.slice(from, from + 500)).execute()
    for (const { number } of rows) known.add(number)
  }
  return known
}
