import type { Db, Tx } from '../../../platform/db.ts'
import type { PersonRow } from '../roster/columns.ts'
import { addNumber, type KnownNumber, type KnownPerson, type RosterState } from '../roster/state.ts'
import { nameKeys } from '../rules/names.ts'
import type { Vault } from '../vault.ts'
import { rosterRoles } from './roles.ts'
import { listUnits } from './units.ts'

/** Adds to `state` what the database knows of these lines; what is in it already stays, being newer. */
export async function loadRoster(db: Db, vault: Vault, state: RosterState, rows: readonly PersonRow[]): Promise<void> {
  if (state.units.size === 0) for (const unit of await listUnits(db)) state.units.set(unit.code, unit)
  const named = [...new Set(rows.flatMap(row => [row.number, row.tutor_number ?? '']))]
  const found = await db.selectFrom('identity_numbers').select('person_id').where('number', 'in', named).execute()
  const tutors = await db.selectFrom('identity_numbers').select('tutor_id').where('number', 'in', named).execute()
  const indexes = rows.flatMap(row => vault.indexes('document', row.document))
  const ids = [...new Set([...found.map(row => row.person_id), ...tutors.flatMap(row => row.tutor_id ?? [])])]
  const people = await db.selectFrom('identity_people')
    .select(['id', 'number', 'name', 'name_en', 'gender', 'birth_on', 'document_type', 'document_sealed', 'phone_sealed', 'email'])
    .where(match => match.or([match('id', 'in', ids.length > 0 ? ids : ['']), match('document_index', 'in', indexes)])).execute()
  for (const { document_sealed, phone_sealed, ...person } of people) {
    if (state.people.has(person.id)) continue
    const known: KnownPerson = { ...person, document: vault.open('document', document_sealed), phone: phone_sealed === null ? null : vault.open('phone', phone_sealed) }
    state.people.set(known.id, known)
    state.documents.set(known.document, known.id)
  }
  await loadNumbers(db, state, people.map(person => person.id))
  await loadBindings(db, state, rows)
}

async function loadNumbers(db: Db, state: RosterState, person_ids: readonly string[]): Promise<void> {
  if (person_ids.length === 0) return
  const numbers = await db.selectFrom('identity_numbers')
    .select(['number', 'person_id', 'kind', 'standing', 'unit_id', 'title', 'level', 'major', 'major_en', 'class_name', 'years', 'entered_on', 'ends_on', 'tutor_id'])
    .where('person_id', 'in', person_ids).execute()
  for (const number of numbers) if (!state.numbers.has(number.number)) addNumber(state, number)
  const unseen = person_ids.filter(id => !state.roles.has(id))
  for (const id of unseen) state.roles.set(id, [])
  for (const { person_id, role, unit_id } of await rosterRoles(db, unseen)) state.roles.get(person_id)?.push({ role, unit_id })
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

export async function savePerson(tx: Tx, vault: Vault, person: KnownPerson, isNew: boolean): Promise<void> {
  const { id, document, phone, ...plain } = person
  const now = tx.bus.clock.now()
  const row = {
    ...plain, ...nameKeys(person.name), document_sealed: vault.seal('document', document), document_index: vault.index('document', document),
    phone_sealed: phone === null ? null : vault.seal('phone', phone), phone_index: phone === null ? null : vault.index('phone', phone), updated_at: now,
  }
  if (isNew) await tx.insertInto('identity_people').values({ id, ...row, language: null, created_at: now }).execute()
  else await tx.updateTable('identity_people').set(row).where('id', '=', id).execute()
}

export async function saveNumber(tx: Tx, { number, ...row }: KnownNumber, isNew: boolean): Promise<void> {
  const now = tx.bus.clock.now()
  if (isNew) await tx.insertInto('identity_numbers').values({ number, ...row, session_epoch: 0, created_at: now, updated_at: now }).execute()
  else await tx.updateTable('identity_numbers').set({ ...row, updated_at: now }).where('number', '=', number).execute()
}
