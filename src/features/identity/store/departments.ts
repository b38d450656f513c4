import type { Insertable } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import type { DepartmentsTable } from '../contact-tables.ts'
import { chunksOf } from './members.ts'

export type DepartmentRow = DepartmentsTable

/** Every department known, in the order of their numbers: as many as a university has units, some hundreds. */
export async function listDepartments(db: Db): Promise<DepartmentRow[]> {
  return await db.selectFrom('identity_departments').selectAll().orderBy('department_id').execute()
}

/** Every unit with the time it came: what is new since the address book was first read is written by itself. */
export async function unitsForDepartments(db: Db) {
  return await db.selectFrom('identity_units').select(['id', 'code', 'name', 'parent_id', 'created_at']).orderBy('code').execute()
}

export async function findDepartment(db: Db, department_id: number): Promise<DepartmentRow | undefined> {
  return await db.selectFrom('identity_departments').selectAll().where('department_id', '=', department_id).executeTakeFirst()
}

export type NewDepartmentRow = Pick<DepartmentsTable, 'department_id' | 'name' | 'parent_department'> & Partial<Omit<DepartmentsTable, 'created_at' | 'updated_at'>>

const EMPTY = { unit_id: null, content: null, reserved_at: null, seen_at: null, problem: null, heard_at: 0, heard_id: '' }

export async function insertDepartments(tx: Tx, rows: readonly NewDepartmentRow[]): Promise<void> {
  const now = tx.bus.clock.now()
  const full = rows.map((row): Insertable<DepartmentsTable> => ({ ...EMPTY, ...row, created_at: now, updated_at: now }))
  for (const chunk of chunksOf(full)) await tx.insertInto('identity_departments').values(chunk).execute()
}

export async function updateDepartment(tx: Tx, department_id: number, change: Partial<DepartmentsTable>): Promise<void> {
  await tx.updateTable('identity_departments').set({ ...change, updated_at: tx.bus.clock.now() }).where('department_id', '=', department_id).execute()
}

export async function deleteDepartments(tx: Tx, ids: readonly number[]): Promise<void> {
  for (const chunk of chunksOf(ids)) await tx.deleteFrom('identity_departments').where('department_id', 'in', chunk).execute()
}
