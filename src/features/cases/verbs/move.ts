import type { Database, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Deps } from '../deps.ts'
import { moveBegun } from '../events.ts'
import { endMove, getMove, insertMove, itemsOf, settleItem } from '../store.ts'
import type { MoveItemsTable, MovesTable } from '../tables.ts'
import { moveSlice } from '../work.ts'

/** As many as one reason can stand for; the rest is moved by a second. */
export const MOST = 2000

export type Moving = { service_key: string; version_id: string; applications: readonly string[]; reason: string; by_name: string }

/** 迁移 of several applications, by a job. Returns its id. Throws `invalid` at the field that is wrong. */
export async function beginMove({ services, clock }: Pick<Deps, 'services' | 'clock'>, tx: Tx, actor: Actor, { service_key, version_id, applications, reason, by_name }: Moving): Promise<string> {
  const text = reason.trim()
  const version = (await services.versionsFor(tx, service_key)).find(one => one.id === version_id)
  if (!version) throw wrong('to', '请选择要迁移到的版本')
  if (applications.length === 0) throw wrong('id', '没有可以迁移的申请')
  if (applications.length > MOST) throw wrong('id', '一次最多迁移 {most} 份申请', { most: MOST })
  if (text === '') throw wrong('reason', '请填写理由')
  if ([...text].length > LONGEST) throw wrong('reason', '意见不能超过 {most} 个字', { most: LONGEST })
  const id = newId()
  await insertMove(tx, {
    id, service_key, version_id, version: version.version, reason: text, by_id: actor.person_id, by_number: actor.number, by_name, total: applications.length, created_at: clock.now(), ended_at: null,
  }, applications.map(application_id => ({ id: newId(), move_id: id, application_id, outcome: 'waiting', sentence: null })))
  await emit(tx, moveBegun, { move_id: id, service_key, version_id }, { subject: id, actor })
  await enqueue(tx, moveSlice, { move_id: id })
  return id
}

const LONGEST = 500

function wrong(field: string, sentence: string, params: Record<string, number> = {}): AppError {
  return new AppError('invalid', sentence, { fields: { [field]: sentence }, params })
}

/** So many at a time: a slice ends well within its lease. */
const SLICE = 25

/** Moves some of what waits, each with its result in a transaction of its own; true when nothing waits any more. */
export async function moveSome(deps: Deps, move_id: string): Promise<boolean> {
  const { database: { db, write }, clock } = deps
  const move = await getMove(db, move_id)
  const items = await itemsOf(db, move_id, { outcome: 'waiting', limit: SLICE })
  for (const item of items) await moveOne(deps, move, item)
  if (items.length === SLICE) return false
  await write(tx => endMove(tx, move_id, clock.now()))
  return true
}

async function moveOne({ database: { write }, services }: { database: Pick<Database, 'write'> } & Pick<Deps, 'services'>, { version_id, reason, by_id, by_number }: MovesTable, { id, application_id }: MoveItemsTable): Promise<void> {
  try {
    await write(async tx => {
      // First, so that of two who came to it at once only one goes on.
      if (!await settleItem(tx, id, { outcome: 'moved', sentence: null })) return
      await services.changeVersion(tx, { person_id: by_id, number: by_number }, { application_id, version_id, reason })
    })
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'upstream') throw error
    const sentence = JSON.stringify({ phrase: error.message, params: error.params ?? {} })
    await write(tx => settleItem(tx, id, { outcome: 'kept', sentence }))
  }
}
