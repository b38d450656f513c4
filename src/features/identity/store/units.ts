import type { Db, Tx } from '../../../platform/db.ts'
import { downwards } from '../rules/roles.ts'
import type { UnitsTable } from '../tables.ts'

export type Unit = Pick<UnitsTable, 'id' | 'code' | 'name' | 'name_en' | 'kind' | 'parent_id' | 'head_number' | 'deputy_numbers'>

const columns = ['id', 'code', 'name', 'name_en', 'kind', 'parent_id', 'head_number', 'deputy_numbers'] as const

/** Every unit, in the order of the codes: a university has some hundreds. */
export async function listUnits(db: Db): Promise<Unit[]> {
  return await db.selectFrom('identity_units').select(columns).orderBy('code').execute()
}

export async function unitById(db: Db, id: string): Promise<Unit | null> {
  return await db.selectFrom('identity_units').select(columns).where('id', '=', id).executeTakeFirst() ?? null
}

export async function unitByCode(db: Db, code: string): Promise<Unit | null> {
  return await db.selectFrom('identity_units').select(columns).where('code', '=', code).executeTakeFirst() ?? null
}

/** The unit and those below it; undefined for the whole university, nothing for a unit that is not there. */
export async function unitTree(db: Db, unit_id: string | undefined): Promise<readonly string[] | undefined> {
  if (!unit_id) return undefined
  const units = new Map((await listUnits(db)).map(unit => [unit.id, unit]))
  return units.has(unit_id) ? downwards(units, unit_id) : []
}

export type NewUnit = Unit

export async function insertUnit(tx: Tx, unit: NewUnit): Promise<void> {
  const now = tx.bus.clock.now()
  await tx.insertInto('identity_units').values({ ...unit, created_at: now, updated_at: now }).execute()
}

export async function updateUnit(tx: Tx, unit: NewUnit): Promise<void> {
  await tx.updateTable('identity_units').set({ ...unit, updated_at: tx.bus.clock.now() }).where('id', '=', unit.id).execute()
}
