import { departmentSubject, type Found, unitSubject } from './differences.ts'
import { parentFor, subtreeOf, type There, type Wanted } from './unit-departments.ts'

/** Where WeCom's tree is otherwise than ours, below the department that our units stand in. */
export function compareDepartments(wanted: readonly Wanted[], there: readonly There[], links: ReadonlyMap<string, number>, root: number): Found[] {
  const byId = new Map(there.map(department => [department.id, department]))
  const units = new Map(wanted.map(unit => [unit.unit_id, unit]))
  const nameOf = (id: number | undefined): string => byId.get(id ?? 0)?.name ?? (id === undefined ? '' : String(id))
  const found: Found[] = []
  for (const unit of wanted) {
    const department = byId.get(links.get(unit.unit_id) ?? 0)
    if (!department) {
      found.push({ subject: unitSubject(unit.unit_id), field: 'unit-missing', number: null, name: unit.name, ours: unit.parent === null ? nameOf(root) : units.get(unit.parent)?.name ?? '', theirs: null })
      continue
    }
    const about = { subject: departmentSubject(department.id), number: null, name: unit.name }
    if (department.name !== unit.name) found.push({ ...about, field: 'unit-name', ours: unit.name, theirs: department.name })
    const above = parentFor(unit, links, root)
    if (above !== undefined && department.parentid !== above) found.push({ ...about, field: 'unit-parent', ours: nameOf(above), theirs: nameOf(department.parentid) })
  }
  const linked = new Set(links.values())
  const ours = subtreeOf(there, root)
  const nobody = there.filter(department => department.id !== root && ours.has(department.id) && !linked.has(department.id))
  return [...found, ...nobody.map((department): Found => ({
    subject: departmentSubject(department.id), field: 'unit-unknown', number: null, name: department.name, ours: null, theirs: nameOf(department.parentid),
  }))]
}
