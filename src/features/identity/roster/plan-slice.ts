import { hash } from 'node:crypto'
import type { CellError, Line } from '../../../integrations/sources/index.ts'
import type { Db } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import type { RowOutcome } from '../import-tables.ts'
import { loadRoster } from '../store/roster.ts'
import { listUnits } from '../store/units.ts'
import type { Vault } from '../vault.ts'
import { accept, planPerson, type PersonPlan } from './plan-person.ts'
import { planUnit, type UnitPlan } from './plan-unit.ts'
import type { RosterValues } from './read.ts'
import { addUnit, type Change, emptyState, type Note, type Refused } from './state.ts'

/** Rows that are planned and written together. */
export const SLICE = 200

export type Fault = Omit<CellError, 'row'>
/** What a row comes to, in words; masked. */
export type Told = { changes?: Change[]; notes?: Note[]; faults?: Fault[] }
/** What stays of a row between preview and writing, sealed. A promise: it is to be written, and what was said of it; cells: as they came. */
export type Kept = { row: number; values?: RosterValues; promise?: string; cells?: string[] }
export type Checked = { line: number; outcome: Exclude<RowOutcome, 'conflict' | 'left'>; number: string | null; name: string | null; unit_id: string | null; told: Told; kept: Kept }

export type Taken<Plan> = { row: number; values: RosterValues; plan: Exclude<Plan, Refused> }
export type Left = { row: number; outcome: 'refused' | 'conflict' | 'unchanged'; told: Told }

/**
 * What these lines come to. `earlier`: lines above them in the file that speak of the same people, so that a person's second number
 * finds the first where the same file brings both.
 */
export async function checkLines(db: Db, vault: Vault, now: number, lines: readonly Line<RosterValues>[], earlier: readonly Kept[]): Promise<Checked[]> {
  const planned = new Map((await plan(db, vault, now, [...earlier.flatMap(withValues), ...lines.flatMap(withValues)])).map(each => [each.row, each.plan]))
  return lines.map(line => checked(line, planned.get(line.row)))
}

/** What of these rows may be written now: those that still come to what was promised. */
export async function takeRows(db: Db, vault: Vault, now: number, rows: readonly Kept[]): Promise<{ units: Taken<UnitPlan>[]; people: Taken<PersonPlan>[]; left: Left[] }> {
  const outcome: { units: Taken<UnitPlan>[]; people: Taken<PersonPlan>[]; left: Left[] } = { units: [], people: [], left: [] }
  const promised = new Map(rows.map(({ row, promise }) => [row, promise]))
  for (const { row, values, plan: made } of await plan(db, vault, now, rows.flatMap(withValues), promised)) {
    if (made.outcome === 'refused') outcome.left.push({ row, outcome: 'refused', told: { faults: [faultOf(made)] } })
    else if (made.outcome === 'unchanged') outcome.left.push({ row, outcome: 'unchanged', told: {} })
    else if (digest(made.promise) !== promised.get(row)) outcome.left.push({ row, outcome: 'conflict', told: { changes: made.changes } })
    else if ('unit' in made) outcome.units.push({ row, values, plan: made })
    else outcome.people.push({ row, values, plan: made })
  }
  return outcome
}

function withValues({ row, values }: { row: number; values?: RosterValues | null }): { row: number; values: RosterValues }[] {
  return values ? [{ row, values }] : []
}

type Planned = { row: number; values: RosterValues; plan: UnitPlan | PersonPlan }

/** `promised`: a plan that is another than this one is not made part of what is known. */
async function plan(db: Db, vault: Vault, now: number, rows: readonly { row: number; values: RosterValues }[], promised?: ReadonlyMap<number, string | undefined>): Promise<Planned[]> {
  const state = emptyState()
  for (const unit of await listUnits(db)) addUnit(state, unit)
  const units = rows.flatMap(({ values }) => ('unit' in values ? [values.unit] : []))
  const ids = new Map(units.filter(unit => !state.units.has(unit.code)).map(unit => [unit.code, newId()]))
  const people = rows.flatMap(({ values }) => ('person' in values ? [values.person] : []))
  if (people.length > 0) await loadRoster(db, vault, state, people, now)
  return rows.map(({ row, values }) => {
    const made = 'unit' in values ? planUnit(state, values.unit, ids) : planPerson(state, values.person, newId)
    if (made.outcome !== 'refused' && !(promised && promised.get(row) !== digest(made.promise))) {
      if ('unit' in made) addUnit(state, made.unit)
      else accept(state, made)
    }
    return { row, values, plan: made }
  })
}

function checked({ row, values, known, faults, cells }: Line<RosterValues>, made: UnitPlan | PersonPlan | undefined): Checked {
  const about = { line: row, ...nameOf(known) }
  if (!values || !made) return { ...about, outcome: 'refused', unit_id: null, told: { faults: faults.map(asFault) }, kept: { row, cells } }
  if (made.outcome === 'refused') return { ...about, outcome: 'refused', unit_id: null, told: { faults: [faultOf(made)] }, kept: { row, cells } }
  const notes = 'notes' in made && made.notes.length > 0 ? { notes: made.notes } : {}
  const told = made.outcome === 'changed' ? { changes: made.changes, ...notes } : notes
  const kept = made.outcome === 'unchanged' ? { row } : { row, values, promise: digest(made.promise), cells }
  return { ...about, outcome: made.outcome, unit_id: 'unit' in made ? made.unit.id : made.number.is.unit_id, told, kept }
}

/** Also of a row that is refused: whoever it speaks of is in the file. */
function nameOf({ code, number = code, name }: Readonly<Record<string, unknown>>): { number: string | null; name: string | null } {
  return { number: typeof number === 'string' ? number : null, name: typeof name === 'string' ? name : null }
}

function asFault({ column, value, sentence, params }: CellError): Fault {
  return { column, sentence, ...(value !== undefined && { value }), ...(params && { params }) }
}

function faultOf({ column, sentence, params }: Refused): Fault {
  return { column, sentence, ...(params && { params }) }
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22)
}
