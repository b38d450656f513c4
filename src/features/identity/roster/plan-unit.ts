import type { UnitRow } from './columns.ts'
import { type Change, changesBetween, type KnownUnit, type Refused, refuse, type RosterState } from './state.ts'

export type UnitPlan = { outcome: 'created' | 'changed' | 'unchanged'; unit: KnownUnit; changes: Change[]; promise: string } | Refused

const LABELS = { name: '部门名称', name_en: '英文名称', kind: '类型', parent_id: '上级部门编号', head_number: '负责人工号', deputy_numbers: '副职工号' }

/** What one line of a list of units comes to. `ids` names the units that the file itself brings, so that a child may stand above its parent. */
export function planUnit(state: RosterState, row: UnitRow, ids: ReadonlyMap<string, string>): UnitPlan {
  const before = state.units.get(row.code) ?? null
  const idOf = (code: string): string | undefined => state.units.get(code)?.id ?? ids.get(code)
  const parent_id = row.parent_code === undefined ? (before?.parent_id ?? null) : row.parent_code === null ? null : idOf(row.parent_code)
  if (parent_id === undefined) return refuse('上级部门编号', '没有编号是 {code} 的部门', { code: row.parent_code ?? '' })
  const id = idOf(row.code)
  if (id === undefined) throw new Error(`unit ${row.code} was given no id`)
  if (parent_id !== null && isAbove(state, id, parent_id)) return refuse('上级部门编号', '部门不能是自己的上级')
  const said = (value: string | null | undefined, known: string | null | undefined): string | null => (value === undefined ? (known ?? null) : value)
  const deputies = row.deputy_numbers && (row.deputy_numbers.length > 0 ? row.deputy_numbers.join(',') : null)
  const unit: KnownUnit = {
    id, code: row.code, name: row.name, name_en: said(row.name_en, before?.name_en), kind: row.kind ?? before?.kind ?? 'office', parent_id, head_number: said(row.head_number, before?.head_number), deputy_numbers: said(deputies, before?.deputy_numbers),
  }
  const changes = changesBetween(before, unit, LABELS, (key, value) => shown(state, key, value))
  const outcome = !before ? 'created' : changes.length > 0 ? 'changed' : 'unchanged'
  return { outcome, unit, changes, promise: JSON.stringify([outcome, changes]) }
}

/** Is the unit itself, or something below it, what `at` names? */
function isAbove(state: RosterState, id: string, at: string | null): boolean {
  const seen = new Set<string>()
  for (let up = at; up !== null && !seen.has(up); up = state.unitsById.get(up)?.parent_id ?? null) {
    if (up === id) return true
    seen.add(up)
  }
  return false
}

function shown(state: RosterState, key: string, value: unknown): string {
  if (key === 'parent_id') return state.unitsById.get(String(value))?.code ?? ''
  if (key === 'kind') return value === 'school' ? '学院' : '部门'
  return String(value ?? '')
}
