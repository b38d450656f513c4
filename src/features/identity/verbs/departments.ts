import type { Tx } from '../../../platform/db.ts'
import { compareDepartments } from '../rules/compare-departments.ts'
import { linkUnits, parentFor, type There, type Wanted, wantedDepartments } from '../rules/unit-departments.ts'
import { deleteDepartments, type DepartmentRow, insertDepartments, listDepartments, unitsForDepartments, updateDepartment } from '../store/departments.ts'
import { differencesOfField } from '../store/differences.ts'
import { keepFound } from './found-differences.ts'

/** What we last said of a department. */
export type DepartmentContent = { name: string; parent: number }

export function readDepartmentContent(text: string | null): Partial<DepartmentContent> | null {
  const value: unknown = text === null ? null : JSON.parse(text)
  return typeof value === 'object' ? value : null
}

/** How things stand between our units and WeCom's departments. */
export type Departments = { wanted: Wanted[]; there: There[]; links: Map<string, number> }

/**
 * Makes what is kept of WeCom's departments what was just read, and joins units to them: by what is known, else by name in the same place.
 * A department that was just joined agrees: only what changes in our list from now on is written.
 */
export async function recordDepartments(tx: Tx, there: readonly There[], root: number): Promise<Departments & { differences: number }> {
  const now = tx.bus.clock.now()
  const kept = await listDepartments(tx)
  const byId = new Map(kept.map(row => [row.department_id, row]))
  const wanted = wantedDepartments(await unitsForDepartments(tx))
  const links = linkUnits(wanted, there, linksOf(kept.filter(row => row.reserved_at === null)), root)
  const unitOf = new Map([...links].map(([unit_id, id]) => [id, unit_id]))
  const content = contentsOf(wanted, links, root)
  const seen = new Set(there.map(department => department.id))
  await deleteDepartments(tx, kept.filter(row => !seen.has(row.department_id) && row.reserved_at === null).map(row => row.department_id))
  const fresh = there.filter(department => !byId.has(department.id))
  // A unit leaves its old department before it is joined to another: one department for each.
  for (const row of kept) if (seen.has(row.department_id) && row.unit_id !== null && unitOf.get(row.department_id) !== row.unit_id && row.reserved_at === null) await updateDepartment(tx, row.department_id, { unit_id: null, content: null })
  await insertDepartments(tx, fresh.map(({ id, name, parentid }) => ({
    department_id: id, name, parent_department: parentid, seen_at: now, unit_id: unitOf.get(id) ?? null, content: unitOf.has(id) ? content(unitOf.get(id) ?? '') : null,
  })))
  for (const { id, name, parentid } of there) {
    const row = byId.get(id)
    if (!row) continue
    const joined = row.reserved_at === null && unitOf.has(id) && row.unit_id !== unitOf.get(id)
    if (!joined && row.name === name && row.parent_department === parentid) continue
    await updateDepartment(tx, id, { name, parent_department: parentid, seen_at: now, ...(joined && { unit_id: unitOf.get(id) ?? null, content: content(unitOf.get(id) ?? '') }) })
  }
  const known = await differencesOfField(tx, ['unit-name', 'unit-parent', 'unit-missing', 'unit-unknown'])
  const differences = await keepFound(tx, known, compareDepartments(wanted, there, links, root))
  return { wanted, there: [...there], links, differences }
}

export function linksOf(rows: readonly DepartmentRow[]): Map<string, number> {
  return new Map(rows.flatMap(row => (row.unit_id === null ? [] : [[row.unit_id, row.department_id]])))
}

function contentsOf(wanted: readonly Wanted[], links: ReadonlyMap<string, number>, root: number): (unit_id: string) => string {
  const byId = new Map(wanted.map(unit => [unit.unit_id, unit]))
  return unit_id => {
    const unit = byId.get(unit_id)
    return JSON.stringify(unit ? { name: unit.name, parent: parentFor(unit, links, root) ?? root } : {})
  }
}
