import type { Database, Tx } from '../../../platform/db.ts'
import { AppError, isOutcome } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { VerbDeps } from '../deps.ts'
import { handoverBegun } from '../events.ts'
import { handoverById, insertHandover, openTaskIdsOf, setHandover } from '../store-absence.ts'
import { handOverTasks } from '../work.ts'
import { reassign } from './intervene.ts'
import { checkedText } from './remark.ts'

/** 离职交接: all that a person holds goes to another, by a job. Returns its id. Whether the actor is an administrator the route says. */
export async function handOver(deps: VerbDeps, tx: Tx, actor: Actor, { from, to, reason }: { from: string; to: string; reason: string }): Promise<string> {
  const text = checkedText(reason, '请填写理由')
  if (from === to) throw new AppError('invalid', '请选择另一位接手的人', { fields: { to: '请选择另一位接手的人' } })
  const [[heir], leaver] = await Promise.all([deps.directory(tx).people([to]), deps.directory(tx).person(from)])
  if (!heir) throw new AppError('invalid', '请选择接手的人', { fields: { to: '请选择接手的人' } })
  const id = newId()
  await insertHandover(tx, {
    id, from_id: from, from_name: leaver?.name ?? '', to_id: to, to_name: heir.name, by_id: actor.person_id, by_number: actor.number, reason: text,
    moved: 0, kept: 0, created_at: deps.clock.now(), ended_at: null,
  })
  await emit(tx, handoverBegun, { handover_id: id, from_id: from, to_id: to }, { subject: from, actor })
  await enqueue(tx, handOverTasks, { handover_id: id })
  return id
}

/** So many tasks at a time: a slice ends well within its lease. */
const SLICE = 50

/** Moves some of what is left, each in a transaction of its own; true when nothing is. What cannot go to this person is kept and counted. */
export async function handOverSome(deps: VerbDeps, { db, write }: Pick<Database, 'db' | 'write'>, handover_id: string): Promise<boolean> {
  const handover = await handoverById(db, handover_id)
  if (!handover || handover.ended_at !== null) return true
  let { moved, kept } = handover
  // Those kept before are the oldest that are left.
  const tasks = (await openTaskIdsOf(db, handover.from_id, '', SLICE + kept)).slice(kept)
  const actor = { person_id: handover.by_id, number: handover.by_number }
  for (const task_id of tasks) {
    try {
      await write(tx => reassign(deps, tx, actor, { task_id, to: handover.to_id, reason: handover.reason }))
      moved++
    } catch (error) {
      if (!isOutcome(error)) throw error
      kept++
    }
  }
  const done = tasks.length < SLICE
  await write(tx => setHandover(tx, handover_id, { moved, kept, ended_at: done ? deps.clock.now() : null }))
  return done
}
