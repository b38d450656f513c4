import { isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emitEach } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { wecomBound } from '../events.ts'
import { currentBinding, insertBindings } from '../store/bindings.ts'
import { insertNumbers, insertPeople, updateNumber, updatePerson } from '../store/roster.ts'
import { insertUnit, updateUnit } from '../store/units.ts'
import { unbind } from '../verbs/binding.ts'
import { endByRoster, grantByRoster } from '../verbs/roles.ts'
import type { Vault } from '../vault.ts'
import type { PersonPlan } from './plan-person.ts'
import type { Taken } from './plan-slice.ts'
import type { UnitPlan } from './plan-unit.ts'

export async function writeUnits(tx: Tx, taken: readonly Taken<UnitPlan>[]): Promise<void> {
  for (const { plan: { outcome, unit } } of taken) await (outcome === 'created' ? insertUnit(tx, unit) : updateUnit(tx, unit))
}

/** Writes what was planned, new rows together. */
export async function writePeople(tx: Tx, vault: Vault, actor: Actor | null, taken: readonly Taken<PersonPlan>[]): Promise<void> {
  const plans = taken.map(each => each.plan)
  try {
    await insertPeople(tx, vault, plans.flatMap(({ person }) => (person.isNew ? [person.is] : [])))
    for (const { person } of plans) if (!person.isNew && person.changed) await updatePerson(tx, vault, person.is)
    await insertNumbers(tx, plans.flatMap(({ number }) => (number.isNew ? [number.is] : [])))
    for (const { number } of plans) if (!number.isNew && number.changed) await updateNumber(tx, number.is)
    for (const { person: { is: { id } }, grant, revoke } of plans) {
      for (const role of revoke) await endByRoster(tx, actor, { person_id: id, ...role })
      for (const role of grant) await grantByRoster(tx, actor, { person_id: id, ...role })
    }
    await bindAll(tx, actor, plans)
  } catch (error) {
    // Somebody took a number, a document or a member in this very moment: tried again, the rows are planned anew.
    if (isDuplicate(error)) throw new AppError('upstream', '系统正忙，请稍后再试', { cause: error })
    throw error
  }
}

async function bindAll(tx: Tx, actor: Actor | null, plans: readonly Taken<PersonPlan>['plan'][]): Promise<void> {
  const bindings = plans.flatMap(({ bind, number, person }) => (bind === null ? [] : [{ id: newId(), person_id: person.is.id, number: number.is.number, userid: bind, isNew: number.isNew }]))
  for (const { number, person_id, isNew } of bindings) {
    if (!isNew && await currentBinding(tx, { number })) await unbind(tx, actor ?? { person_id, number: null }, number)
  }
  await insertBindings(tx, bindings.map(({ id, person_id, number, userid }) => ({ id, person_id, number, userid })))
  await emitEach(tx, wecomBound, bindings.map(({ id, number, person_id }) => ({ subject: person_id, data: { binding_id: id, number } })), actor)
}
