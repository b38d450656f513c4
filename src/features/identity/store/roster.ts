import type { Db, Tx } from '../../../platform/db.ts'
import { insertRows } from '../../../platform/prepared.ts'
import type { PersonRow } from '../roster/columns.ts'
import { addNumber, type KnownNumber, type KnownPerson, type RosterState } from '../roster/state.ts'
import { nameKeys } from '../rules/names.ts'
import type { Vault } from '../vault.ts'
import { administratorsNow, rolesOfMany } from './roles.ts'

/** Adds to `state`, which knows the units, what the database knows of the people these lines speak of. */
export async function loadRoster(db: Db, vault: Vault, state: RosterState, rows: readonly PersonRow[], now: number): Promise<void> {
  const named = [...new Set(rows.flatMap(row => [row.number, row.tutor_number ?? '']))]
  const found = await db.selectFrom('identity_numbers').select('person_id').where('number', 'in', named).execute()
  const tutors = await db.selectFrom('identity_numbers').select('tutor_id').where('number', 'in', named).execute()
  const indexes = rows.flatMap(row => vault.indexes('document', row.document))
  const ids = [...new Set([...found.map(row => row.person_id), ...tutors.flatMap(row => row.tutor_id ?? [])])]
  const people = await db.selectFrom('identity_people')
    .select(['id', 'number', 'name', 'name_en', 'gender', 'birth_on', 'document_type', 'document_sealed', 'phone_sealed', 'phone_proven_at', 'email', 'email_proven_at'])
    .where(match => match.or([match('id', 'in', ids.length > 0 ? ids : ['']), match('document_index', 'in', indexes)])).execute()
  for (const { document_sealed, phone_sealed, phone_proven_at, email_proven_at, ...person } of people) {
    const known: KnownPerson = {
      ...person, document: vault.open('document', document_sealed), phone: phone_sealed === null ? null : vault.open('phone', phone_sealed), phone_proven: phone_proven_at !== null, email_proven: email_proven_at !== null,
    }
    state.people.set(known.id, known)
    state.documents.set(known.document, known.id)
  }
  await loadNumbers(db, state, people.map(person => person.id))
  await loadBindings(db, state, rows)
  await loadPhones(db, vault, state, rows)
  for (const [role, holders] of await administratorsNow(db, now)) state.administrators.set(role, holders)
}

/** Who proved one of the phones. */
async function loadPhones(db: Db, vault: Vault, state: RosterState, rows: readonly PersonRow[]): Promise<void> {
  const byIndex = new Map(rows.flatMap(({ phone }) => (phone ? vault.indexes('phone', phone).map((index): [string, string] => [index, phone]) : [])))
  if (byIndex.size === 0) return
  const holders = await db.selectFrom('identity_people').select(['id', 'proven_phone_index']).where('proven_phone_index', 'in', [...byIndex.keys()]).execute()
  for (const { id, proven_phone_index } of holders) state.phones.set(byIndex.get(proven_phone_index ?? '') ?? '', id)
}

async function loadNumbers(db: Db, state: RosterState, person_ids: readonly string[]): Promise<void> {
  if (person_ids.length === 0) return
  const numbers = await db.selectFrom('identity_numbers')
    .select(['number', 'person_id', 'kind', 'standing', 'unit_id', 'title', 'leader_number', 'level', 'major', 'major_en', 'class_name', 'years', 'entered_on', 'ends_on', 'tutor_id'])
    .where('person_id', 'in', person_ids).execute()
  for (const number of numbers) addNumber(state, number)
  const unseen = person_ids.filter(id => !state.roles.has(id))
  for (const id of unseen) state.roles.set(id, [])
  for (const { person_id, role, unit_id, source } of await rolesOfMany(db, unseen)) {
    if (source === 'roster') state.roles.get(person_id)?.push({ role, unit_id })
    else state.byHand.set(person_id, [...state.byHand.get(person_id) ?? [], { role, unit_id }])
  }
}

async function loadBindings(db: Db, state: RosterState, rows: readonly PersonRow[]): Promise<void> {
  const userids = rows.map(row => (row.userid ?? row.number).toLowerCase())
  const found = await db.selectFrom('identity_bindings').select(['number', 'userid', 'current_userid'])
    .where(match => match.or([match('number', 'in', rows.map(row => row.number)), match('current_userid', 'in', userids)])).execute()
  for (const { number, userid, current_userid } of found) {
    if (current_userid !== null && !state.userids.has(current_userid)) state.userids.set(current_userid, number)
    if (current_userid !== null && !state.bindings.get(number)) state.bindings.set(number, userid)
    else if (!state.bindings.has(number)) state.bindings.set(number, null)
  }
}

export async function insertPeople(tx: Tx, vault: Vault, people: readonly KnownPerson[]): Promise<void> {
  const created_at = tx.bus.clock.now()
  await insertRows(tx, 'identity_people', people.map(person => ({ id: person.id, ...personRow(tx, vault, person), language: null, created_at })))
}

export async function updatePerson(tx: Tx, vault: Vault, person: KnownPerson): Promise<void> {
  const { phone_sealed, phone_index, email, ...row } = personRow(tx, vault, person)
  // What the person proved is theirs to change, and between plan and writing they may have proved something: the row itself decides.
  await tx.updateTable('identity_people').set(is => ({
    ...row,
    phone_sealed: is.case().when('phone_proven_at', 'is', null).then(phone_sealed).else(is.ref('phone_sealed')).end(),
    phone_index: is.case().when('phone_proven_at', 'is', null).then(phone_index).else(is.ref('phone_index')).end(),
    email: is.case().when('email_proven_at', 'is', null).then(email).else(is.ref('email')).end(),
  })).where('id', '=', person.id).execute()
}

function personRow(tx: Tx, vault: Vault, { id: _id, phone_proven: _phone, email_proven: _email, document, phone, ...plain }: KnownPerson) {
  return {
    ...plain, ...nameKeys(plain.name), document_sealed: vault.seal('document', document), document_index: vault.index('document', document),
    phone_sealed: phone === null ? null : vault.seal('phone', phone), phone_index: phone === null ? null : vault.index('phone', phone), updated_at: tx.bus.clock.now(),
  }
}

export async function insertNumbers(tx: Tx, numbers: readonly KnownNumber[]): Promise<void> {
  const now = tx.bus.clock.now()
  await insertRows(tx, 'identity_numbers', numbers.map(({ number, person_id, kind, standing, unit_id, title, leader_number, level, major, major_en, class_name, years, entered_on, ends_on, tutor_id }) => ({
    number, person_id, kind, standing, unit_id, title, leader_number, level, major, major_en, class_name, years, entered_on, ends_on, tutor_id, session_epoch: 0, created_at: now, updated_at: now,
  })))
}

export async function updateNumber(tx: Tx, { number, ...row }: KnownNumber): Promise<void> {
  await tx.updateTable('identity_numbers').set({ ...row, updated_at: tx.bus.clock.now() }).where('number', '=', number).execute()
}

/** Which of a person's numbers leads. */
export async function setLeading(tx: Tx, person_id: string, number: string): Promise<void> {
  await tx.updateTable('identity_people').set({ number, updated_at: tx.bus.clock.now() }).where('id', '=', person_id).execute()
}
