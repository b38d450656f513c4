import type { CellError } from '../../../integrations/sources/index.ts'
import type { Db, Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { turn } from '../../../platform/turn.ts'
import { isRole } from '../rules/roles.ts'
import { currentBinding } from '../store/bindings.ts'
import type { Preview, Sample, SliceOutcome } from '../store/imports.ts'
import { deleteRole, insertRole } from '../store/roles.ts'
import { loadRoster, saveNumber, savePerson } from '../store/roster.ts'
import { insertUnit, listUnits, updateUnit } from '../store/units.ts'
import { bind, unbind } from '../verbs/binding.ts'
import type { Vault } from '../vault.ts'
import type { PersonRow, UnitRow } from './columns.ts'
import { accept, planPerson, type PersonPlan } from './plan-person.ts'
import { planUnit, type UnitPlan } from './plan-unit.ts'
import type { Roster } from './read.ts'
import { emptyState, type Refused, type RosterState } from './state.ts'

export const SLICE = 200
const SAMPLES = 200

type Line<Values> = { row: number; values: Values }
type Planned<Plan> = { row: number; number: string; name: string; plan: Plan }

export type Checked = { roster: Roster; preview: Preview; errors: CellError[] }

/** What importing the roster would do, without doing it: the lines that can be taken, and everything wrong with the others. */
export async function checkRoster(db: Db, vault: Vault, roster: Roster): Promise<Checked> {
  const state = emptyState()
  const planned: Planned<UnitPlan | PersonPlan>[] = []
  if (roster.kind === 'units') planned.push(...await planUnits(db, state, roster.rows))
  else for (let at = 0; at < roster.rows.length; at += SLICE) {
    planned.push(...await planPeople(db, vault, state, roster.rows.slice(at, at + SLICE)))
    await turn()
  }
  const { errors: refused, ...counts } = outcomeOf(planned)
  const samples = planned.flatMap(({ plan, ...line }): Sample[] => (plan.outcome === 'created' || plan.outcome === 'changed' ? [{ ...line, outcome: plan.outcome, changes: plan.changes }] : []))
  // What changes is worth more of a reader's time than what is new.
  const shown = samples.toSorted((a, b) => Number(a.outcome === 'created') - Number(b.outcome === 'created')).slice(0, SAMPLES)
  const good = without(roster, new Set(refused.map(error => error.row)))
  const errors = [...roster.errors, ...refused].toSorted((a, b) => a.row - b.row)
  return { roster: good, preview: { ...counts, rows: good.rows.length, ignored: roster.ignored, samples: shown }, errors }
}

function without(roster: Roster, refused: ReadonlySet<number>): Roster {
  if (roster.kind === 'units') return { ...roster, rows: roster.rows.filter(({ row }) => !refused.has(row)) }
  return { ...roster, rows: roster.rows.filter(({ row }) => !refused.has(row)) }
}

/** Writes these lines of a list of units. Done again it changes nothing. */
export async function applyUnits(tx: Tx, rows: readonly Line<UnitRow>[]): Promise<SliceOutcome> {
  const planned = await planUnits(tx, emptyState(), rows)
  for (const { plan } of planned) {
    if (plan.outcome === 'created') await insertUnit(tx, plan.unit)
    if (plan.outcome === 'changed') await updateUnit(tx, plan.unit)
  }
  return outcomeOf(planned)
}

/** Writes these lines of a roster of people. Done again it changes nothing. */
export async function applyPeople(tx: Tx, vault: Vault, actor: Actor | null, rows: readonly Line<PersonRow>[]): Promise<SliceOutcome> {
  const planned = await planPeople(tx, vault, emptyState(), rows)
  for (const { plan } of planned) if (plan.outcome !== 'refused') await writePerson(tx, vault, actor, plan)
  return outcomeOf(planned)
}

async function writePerson(tx: Tx, vault: Vault, actor: Actor | null, { person, number, bind: userid, grant, revoke }: Exclude<PersonPlan, Refused>): Promise<void> {
  if (person.isNew || person.changed) await savePerson(tx, vault, person.is, person.isNew)
  if (number.isNew || number.changed) await saveNumber(tx, number.is, number.isNew)
  for (const { role, unit_id } of revoke) await deleteRole(tx, { person_id: person.is.id, role, unit_id })
  for (const { role, unit_id } of grant) if (isRole(role)) await insertRole(tx, { person_id: person.is.id, role, unit_id }, 'roster')
  if (userid === null) return
  const by = actor ?? { person_id: person.is.id, number: null }
  if (await currentBinding(tx, { number: number.is.number })) await unbind(tx, by, number.is.number)
  await bind(tx, actor, { number: number.is.number, userid })
}

async function planUnits(db: Db, state: RosterState, rows: readonly Line<UnitRow>[]): Promise<Planned<UnitPlan>[]> {
  for (const unit of await listUnits(db)) state.units.set(unit.code, unit)
  const ids = new Map(rows.filter(({ values }) => !state.units.has(values.code)).map(({ values }) => [values.code, newId()]))
  return rows.map(({ row, values }) => {
    const plan = planUnit(state, values, ids)
    if (plan.outcome !== 'refused') state.units.set(plan.unit.code, plan.unit)
    return { row, number: values.code, name: values.name, plan }
  })
}

async function planPeople(db: Db, vault: Vault, state: RosterState, rows: readonly Line<PersonRow>[]): Promise<Planned<PersonPlan>[]> {
  await loadRoster(db, vault, state, rows.map(({ values }) => values))
  return rows.map(({ row, values }) => {
    const plan = planPerson(state, values, newId)
    if (plan.outcome !== 'refused') accept(state, plan)
    return { row, number: values.number, name: values.name, plan }
  })
}

function outcomeOf(planned: readonly Planned<UnitPlan | PersonPlan>[]): SliceOutcome {
  const count = (outcome: string): number => planned.filter(({ plan }) => plan.outcome === outcome).length
  const errors = planned.flatMap(({ row, plan }): CellError[] => {
    if (plan.outcome !== 'refused') return []
    const { column, sentence, params } = plan
    return [{ row, column, sentence, ...(params && { params }) }]
  })
  return { created: count('created'), changed: count('changed'), unchanged: count('unchanged'), errors }
}
