import { schoolTime } from '../../../platform/dates.ts'
import type { Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import type { Faults, Values } from '../rules/form.ts'
import { takenBy } from '../rules/reserving.ts'
import type { Application } from '../store/applications.ts'
import { deleteReservations, findTaken, insertReservation, lockThing } from '../store/reservations.ts'
import type { Version } from '../versions.ts'

/** Takes what the service reserves, in place of what this application held before. Faults where it is over or somebody else's already. */
export async function reserve(tx: Tx, { id, service_key }: Pick<Application, 'id' | 'service_key'>, { definition: { form: { reserves, fields } } }: Version, values: Values): Promise<Faults> {
  const taken = reserves && takenBy(reserves, values)
  if (!reserves || !taken) return {}
  const { what, starts, ends } = taken
  const labelOf = (key: string) => fields.find(field => field.key === key)?.label ?? key
  if (ends <= Object.values(schoolTime(tx.bus.clock.now())).join('T')) return { [reserves.during]: { sentence: '“{label}”已经过去，请选以后的时间', params: { label: labelOf(reserves.during) } } }
  const thing = `${service_key}/${what}`
  await lockThing(tx, thing)
  await deleteReservations(tx, id)
  const other = await findTaken(tx, { thing, starts, ends })
  if (other) return { [reserves.during]: { sentence: '“{label}”在 {from} 至 {to} 已有人预约，请换一个时间或另选一个', params: { label: labelOf(reserves.what), from: words(other.starts), to: words(other.ends) } } }
  await insertReservation(tx, { id: newId(), thing, starts, ends, application_id: id })
  return {}
}

/** 12-08 14:00 */
function words(at: string): string {
  return at.slice(5).replace('T', ' ')
}
