import type { Tx } from '../../../../platform/db.ts'
import { AppError } from '../../../../platform/errors.ts'
import { type Actor, emit } from '../../../../platform/events.ts'
import { enqueue } from '../../../../platform/jobs.ts'
import { standingMarked } from '../../events-roster.ts'
import { markMissing } from '../../jobs/define-rosters.ts'
import { SLICE } from '../../roster/plan-slice.ts'
import { lastOf } from '../../rules/roles.ts'
import { leads } from '../../rules/standing.ts'
import { marksFor } from '../../rules/import.ts'
import { countMissing, findMark, insertMark, listMissing, setStanding, updateMark } from '../../store/import-missing.ts'
import { getImport, savePreview } from '../../store/imports.ts'
import { numbersOf } from '../../store/people.ts'
import { administratorsNow } from '../../store/roles.ts'
import { setLeading } from '../../store/roster.ts'
import { unitTree } from '../../store/units.ts'
import type { Standing } from '../../tables.ts'

type Asked = { import_id: string; unit_id?: string | undefined; standing: string; reason: string }

/** Gives everybody who is here and not in the file (in one department, where it is named) another standing, by job. Whoever asks is left out. */
export async function askMark(tx: Tx, actor: Actor, { import_id, unit_id, standing, reason }: Asked): Promise<void> {
  const found = await getImport(tx, import_id)
  if (found.kind === 'units' || !['checked', 'done'].includes(found.status)) throw new AppError('conflict', '这份名单现在不能用来更改状态')
  const known = marksFor(found.kind).find(each => each === standing)
  const fields = { ...(!known && { standing: '请选择要改成的状态' }), ...(reason.trim() === '' && { reason: '请写明原因' }) }
  if (!known || Object.keys(fields).length > 0) throw new AppError('invalid', '还有内容没有填好', { fields })
  const total = await countMissing(tx, import_id, found.kind, await unitTree(tx, unit_id))
  if (total === 0) throw new AppError('conflict', '没有不在名单里的人了')
  const mark_id = await insertMark(tx, { import_id, unit_id: unit_id ?? null, standing: known, reason: reason.trim().slice(0, 500), person_id: actor.person_id, number: actor.number, total })
  await enqueue(tx, markMissing, { mark_id }, { key: `mark-missing-${mark_id}` })
}

/** Marks the next of them; true where more follow. */
export async function markSlice(tx: Tx, mark_id: string): Promise<boolean> {
  const mark = await findMark(tx, mark_id)
  if (!mark || mark.finished_at !== null) return false
  const found = await getImport(tx, mark.import_id)
  const rows = await listMissing(tx, mark.import_id, found.kind, { unit_ids: await unitTree(tx, mark.unit_id ?? undefined), limit: SLICE })
  const administrators = await administratorsNow(tx, tx.bus.clock.now())
  const actor: Actor = { person_id: mark.person_id, number: mark.number }
  let done = 0
  for (const { key, person_id } of rows) {
    // Whoever is marked leaves the list; whoever asked, and the last administrator of a kind, stay in it and are passed over.
    if (person_id === null || person_id === mark.person_id || lastOf(administrators, person_id) !== null) continue
    await markOne(tx, actor, { number: key, person_id, standing: mark.standing, mark_id })
    for (const holders of administrators.values()) holders.delete(person_id)
    done++
  }
  const more = done > 0 && rows.length === SLICE
  await updateMark(tx, mark_id, { done: mark.done + done, finished_at: more ? null : tx.bus.clock.now() })
  if (!more) await savePreview(tx, found.id, { ...found.preview, missing: await countMissing(tx, found.id, found.kind) })
  return more
}

async function markOne(tx: Tx, actor: Actor, { number, person_id, standing, mark_id }: { number: string; person_id: string; standing: Standing; mark_id: string }): Promise<void> {
  await setStanding(tx, number, standing)
  const [first, ...rest] = await numbersOf(tx, person_id)
  const leading = first && rest.reduce((best, each) => (leads(each, best) > 0 ? each : best), first)
  if (leading && leading.number !== leading.leading) await setLeading(tx, person_id, leading.number)
  await emit(tx, standingMarked, { number, standing, mark_id }, { subject: person_id, actor })
}
