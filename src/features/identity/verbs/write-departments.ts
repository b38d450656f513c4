import type { Tx } from '../../../platform/db.ts'
import type { DepartmentAct } from '../rules/plan-departments.ts'
import { departmentSubject, unitSubject } from '../rules/differences.ts'
import { deleteDepartments, findDepartment, insertDepartments, listDepartments, updateDepartment } from '../store/departments.ts'
import { deleteDifferences, differencesOf, insertDifferences, settleDifferences } from '../store/differences.ts'
import { readDepartmentContent } from './departments.ts'

/** A number for a department that is about to be made, kept before it is sent: after an end in between it is sent under the same number. */
export async function reserveDepartment(tx: Tx, { unit_id, name, parent }: { unit_id: string; name: string; parent: number }): Promise<number> {
  const rows = await listDepartments(tx)
  const mine = rows.find(row => row.unit_id === unit_id && row.reserved_at !== null)
  if (mine) return mine.department_id
  const department_id = Math.max(1, ...rows.map(row => row.department_id)) + 1
  await insertDepartments(tx, [{ department_id, unit_id, name, parent_department: parent, reserved_at: tx.bus.clock.now() }])
  return department_id
}

type Written = { unit_id: string; department_id: number; name?: string | undefined; parent?: number | undefined }

export async function recordDepartmentWritten(tx: Tx, { unit_id, department_id, name, parent }: Written): Promise<void> {
  const row = await findDepartment(tx, department_id)
  const before = readDepartmentContent(row?.content ?? null)
  const content = JSON.stringify({ ...before, ...(name !== undefined && { name }), ...(parent !== undefined && { parent }) })
  await updateDepartment(tx, department_id, {
    content, reserved_at: null, problem: null, seen_at: tx.bus.clock.now(), ...(name !== undefined && { name }), ...(parent !== undefined && { parent_department: parent }),
  })
  await settleDifferences(tx, unitSubject(unit_id), ['unit-missing', 'refused'])
  await settleDifferences(tx, departmentSubject(department_id), ['refused', ...(name === undefined ? [] : ['unit-name']), ...(parent === undefined ? [] : ['unit-parent'])])
}

export async function recordDepartmentDeleted(tx: Tx, department_id: number): Promise<void> {
  await deleteDepartments(tx, [department_id])
  await settleDifferences(tx, departmentSubject(department_id), ['unit-unknown', 'refused'])
}

/** Told on the page of differences; tried again when somebody chooses ours there once more. */
export async function recordDepartmentRefused(tx: Tx, act: DepartmentAct, problem: string): Promise<void> {
  const subject = 'department_id' in act ? departmentSubject(act.department_id) : unitSubject(act.unit_id)
  if (act.act === 'create') {
    const reserved = (await listDepartments(tx)).filter(row => row.unit_id === act.unit_id && row.reserved_at !== null)
    await deleteDepartments(tx, reserved.map(row => row.department_id))
  }
  const known = await differencesOf(tx, [subject])
  await deleteDifferences(tx, known.filter(row => row.field === 'refused').map(row => row.id))
  for (const row of known) if (row.decision === 'ours') await tx.updateTable('identity_differences').set({ decision: 'open', problem }).where('id', '=', row.id).execute()
  const name = known[0]?.name ?? ('name' in act ? act.name : subject)
  await insertDifferences(tx, [{ subject, field: 'refused', number: null, name, ours: null, theirs: null, problem }])
}
