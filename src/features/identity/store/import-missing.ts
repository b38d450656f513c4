import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import type { ImportKind, ImportMarksTable } from '../import-tables.ts'
import { currentStandings } from '../rules/standing.ts'
import type { Kind, Standing } from '../tables.ts'

export type MissingRow = { key: string; person_id: string | null; name: string; unit_name: string | null; standing: Standing | null }

type Asked = { /** any of these */ unit_ids?: readonly string[] | undefined; after?: string | undefined; limit: number }

/** Who is here (or which department there is) and not in the file, in the order of the numbers; `after` is the last one of the page before. */
export async function listMissing(db: Db, import_id: string, kind: ImportKind, { unit_ids, after = '', limit }: Asked): Promise<MissingRow[]> {
  if (kind === 'units') return await missingUnits(db, import_id, after, limit)
  return await selectMissing(db, import_id, kindOf(kind), unit_ids)
    .innerJoin('identity_people as p', 'p.id', 'n.person_id').innerJoin('identity_units as u', 'u.id', 'n.unit_id')
    .select(['n.number as key', 'n.person_id', 'p.name', 'u.name as unit_name', 'n.standing'])
    .where('n.number', '>', after).orderBy('n.number').limit(limit).execute()
}

export async function countMissing(db: Db, import_id: string, kind: ImportKind, unit_ids?: readonly string[]): Promise<number> {
  const query = kind === 'units' ? selectMissingUnits(db, import_id).select(each => each.fn.countAll<number>().as('count')) : selectMissing(db, import_id, kindOf(kind), unit_ids).select(each => each.fn.countAll<number>().as('count'))
  return Number((await query.executeTakeFirstOrThrow()).count)
}

function kindOf(kind: 'staff' | 'students'): Kind {
  return kind === 'staff' ? 'staff' : 'student'
}

function selectMissing(db: Db, import_id: string, kind: Kind, unit_ids: readonly string[] | undefined) {
  return db.selectFrom('identity_numbers as n').where('n.kind', '=', kind).where('n.standing', 'in', currentStandings)
    .where(match => match.not(match.exists(match.selectFrom('identity_import_rows as r').select('r.line').where('r.import_id', '=', import_id).whereRef('r.number', '=', 'n.number'))))
    .$if(unit_ids !== undefined, query => query.where('n.unit_id', 'in', unit_ids?.length ? unit_ids : ['']))
}

function selectMissingUnits(db: Db, import_id: string) {
  return db.selectFrom('identity_units as n')
    .where(match => match.not(match.exists(match.selectFrom('identity_import_rows as r').select('r.line').where('r.import_id', '=', import_id).whereRef('r.number', '=', 'n.code'))))
}

async function missingUnits(db: Db, import_id: string, after: string, limit: number): Promise<MissingRow[]> {
  const rows = await selectMissingUnits(db, import_id).select(['n.code as key', 'n.name']).where('n.code', '>', after).orderBy('n.code').limit(limit).execute()
  return rows.map(row => ({ ...row, person_id: null, unit_name: null, standing: null }))
}

export async function setStanding(tx: Tx, number: string, standing: Standing): Promise<void> {
  await tx.updateTable('identity_numbers').set({ standing, updated_at: tx.bus.clock.now() }).where('number', '=', number).execute()
}

export type Mark = ImportMarksTable

export async function insertMark(tx: Tx, mark: Omit<Mark, 'id' | 'done' | 'created_at' | 'finished_at'>): Promise<string> {
  const id = newId()
  await tx.insertInto('identity_import_marks').values({ id, ...mark, done: 0, created_at: tx.bus.clock.now(), finished_at: null }).execute()
  return id
}

export async function findMark(db: Db, id: string): Promise<Mark | null> {
  return await db.selectFrom('identity_import_marks').selectAll().where('id', '=', id).executeTakeFirst() ?? null
}

export async function updateMark(tx: Tx, id: string, change: { done: number; finished_at: number | null }): Promise<void> {
  await tx.updateTable('identity_import_marks').set(change).where('id', '=', id).execute()
}

export async function listMarks(db: Db, import_id: string) {
  return await db.selectFrom('identity_import_marks as m').leftJoin('identity_people as p', 'p.id', 'm.person_id').leftJoin('identity_units as u', 'u.id', 'm.unit_id')
    .select(['m.id', 'm.standing', 'm.reason', 'm.total', 'm.done', 'm.created_at', 'm.finished_at', 'p.name', 'u.name as unit_name']).where('m.import_id', '=', import_id).orderBy('m.id', 'desc').execute()
}
