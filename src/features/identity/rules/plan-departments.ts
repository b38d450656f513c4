import { parentFor, MOST_LEVELS, type There, type Wanted } from './unit-departments.ts'

export type DepartmentAct =
  | { act: 'create'; unit_id: string; name: string; parent: number; level: number }
  | { act: 'update'; unit_id: string; department_id: number; change: { name?: string; parentid?: number } }
  | { act: 'delete'; department_id: number }
  | { act: 'refuse'; unit_id: string; problem: string }

type Known = { department_id: number; unit_id: string | null; content: { name?: string; parent?: number } | null }

type Case = {
  wanted: readonly Wanted[]
  there: readonly There[]
  links: ReadonlyMap<string, number>
  rows: readonly Known[]
  root: number
  /** fields that are ignored, by subject `d:` or `u:` */
  isIgnored(subject: string, field: string): boolean
  /** may a department be made for the unit without being asked? */
  isNew(unit: Wanted): boolean
  /** subjects `u:` and `d:` that somebody decided for ours */
  asked: ReadonlySet<string>
}

/** What is to be written of the tree: from the root down, as a parent must be there first, and what goes from the leaves up. */
export function planDepartments({ wanted, there, links, rows, root, isIgnored, isNew, asked }: Case): DepartmentAct[] {
  const rowOf = new Map(rows.map(row => [row.department_id, row]))
  const acts: DepartmentAct[] = []
  for (const unit of wanted) {
    const id = links.get(unit.unit_id)
    const above = parentFor(unit, links, root)
    if (id === undefined) {
      const subject = `u:${unit.unit_id}`
      if (above === undefined || isIgnored(subject, 'unit-missing') || !(asked.has(subject) || isNew(unit))) continue
      if (depthOf(there, above) >= MOST_LEVELS) acts.push({ act: 'refuse', unit_id: unit.unit_id, problem: 'contacts:too-deep' })
      else acts.push({ act: 'create', unit_id: unit.unit_id, name: unit.name, parent: above, level: unit.level })
      continue
    }
    const before = rowOf.get(id)?.content ?? null
    const change = {
      ...(before?.name !== unit.name && !isIgnored(`d:${id}`, 'unit-name') && { name: unit.name }),
      ...(above !== undefined && before?.parent !== above && !isIgnored(`d:${id}`, 'unit-parent') && { parentid: above }),
    }
    if (Object.keys(change).length > 0) acts.push({ act: 'update', unit_id: unit.unit_id, department_id: id, change })
  }
  const going = there.filter(department => asked.has(`d:${department.id}`) && ![...links.values()].includes(department.id))
  return [...acts, ...going.toSorted((a, b) => depthOf(there, b.id) - depthOf(there, a.id)).map(({ id }): DepartmentAct => ({ act: 'delete', department_id: id }))]
}

/** 1 for the root. */
export function depthOf(there: readonly There[], id: number): number {
  const byId = new Map(there.map(department => [department.id, department]))
  let depth = 0
  for (let at = byId.get(id); at && depth <= MOST_LEVELS; at = byId.get(at.parentid)) depth += 1
  return depth
}
