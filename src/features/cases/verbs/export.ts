import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Deps } from '../deps.ts'
import { exportBegun } from '../events.ts'
import type { Query } from '../pages/list.ts'
import { insertExport, keepColumnSet } from '../store-exports.ts'
import type { ExportsTable } from '../tables.ts'
import { exportCases } from '../work.ts'

/** As many as a workbook is still comfortable with. */
export const MOST_EXPORTED = 20_000
export const LONGEST_NAME = 20

/** `offered`: keys of the columns there are; `total`: how many applications the query finds; `name`: to keep the columns under, '' for not. */
export type Exporting = Pick<ExportsTable, 'service_key' | 'language' | 'total'> & { query: Query; columns: readonly string[]; offered: readonly string[]; name: string }

/** 导出, by a job; returns its id. Throws `invalid` at the field that is wrong. */
export async function beginExport({ clock }: Pick<Deps, 'clock'>, tx: Tx, { person_id, number }: Actor, { service_key, language, total, query, columns: wanted, offered, name }: Exporting): Promise<string> {
  const columns = offered.filter(key => wanted.includes(key))
  if (columns.length === 0) throw wrong('columns', '请至少选择一列')
  if ([...name].length > LONGEST_NAME) throw wrong('name', '名称不能超过 {most} 个字', { most: LONGEST_NAME })
  if (total === 0) throw wrong('total', '没有符合条件的申请，请换一个条件')
  if (total > MOST_EXPORTED) throw wrong('total', '一次最多导出 {most} 份，请缩小范围，例如分月导出', { most: MOST_EXPORTED })
  const id = newId()
  if (name !== '') await keepColumnSet(tx, { id: newId(), person_id, service_key, name, columns })
  await insertExport(tx, { id, person_id, service_key, language, query, columns, written: 0, total, sha256: null, created_at: clock.now(), ended_at: null, gone_at: null })
  await emit(tx, exportBegun, { export_id: id, service_key, total }, { subject: id, actor: { person_id, number } })
  await enqueue(tx, exportCases, { export_id: id })
  return id
}

function wrong(field: string, sentence: string, params: Record<string, number> = {}): AppError {
  return new AppError('invalid', sentence, { fields: { [field]: sentence }, params })
}
