import type { Tx } from '../../../../platform/db.ts'
import { AppError } from '../../../../platform/errors.ts'
import type { Actor } from '../../../../platform/events.ts'
import { move } from '../../../../platform/machine.ts'
import { importMachine } from '../../rules/import.ts'
import { forgetValues, leaveRows, progressOf } from '../../store/import-rows.ts'
import { forgetParts, getImport, type Import, leaveTurn, takeTurn, updateFile, whoseTurn } from '../../store/imports.ts'

/** Begins to write; returns the number of this run. Where rows are refused, only the good ones are written, and only when that is asked for. One import at a time. */
export async function beginImport(tx: Tx, actor: Actor | null, id: string, { goodRows }: { goodRows: boolean }): Promise<number> {
  const found = await getImport(tx, id)
  const { preview: { rows, refused } } = found
  if (found.status === 'checked' && refused > 0 && !goodRows) throw new AppError('invalid', '名单里有 {count} 行不能导入，还没有写入任何内容。请改好再上传，或者选择只导入其余的行', { params: { count: refused } })
  if (found.status === 'checked' && rows === refused) throw new AppError('invalid', '没有可以导入的行')
  await move(tx, importMachine, found, 'apply', { actor, data: { import_id: id } })
  return await startRun(tx, actor, found, 0)
}

/** Stops after the slice under way. What is written stays written; others may import meanwhile. */
export async function stopImport(tx: Tx, actor: Actor | null, id: string): Promise<void> {
  await move(tx, importMachine, { id }, 'stop', { actor, data: { import_id: id } })
  await leaveTurn(tx, id)
}

/** Goes on where it stopped; returns the number of the run. */
export async function continueImport(tx: Tx, actor: Actor, id: string): Promise<number> {
  const found = await getImport(tx, id)
  await move(tx, importMachine, found, 'resume', { actor, data: { import_id: id } })
  return await startRun(tx, actor, found, (await progressOf(tx, id)).done)
}

/** A stopped import is not gone on with; the rows that are not written are forgotten. */
export async function endImport(tx: Tx, actor: Actor, id: string): Promise<void> {
  await move(tx, importMachine, { id }, 'end', { actor, set: { finished_at: tx.bus.clock.now() }, data: { import_id: id } })
  await leaveRows(tx, id, (await progressOf(tx, id)).done)
  await forgetValues(tx, id)
  await forgetParts(tx, id)
}

async function startRun(tx: Tx, actor: Actor | null, { id, file }: Import, began_rows: number): Promise<number> {
  if (!await takeTurn(tx, id)) {
    const other = await whoseTurn(tx, id)
    throw new AppError('conflict', '{name}正在导入“{file}”。请等它结束，或者请对方先停止', { params: { name: other?.name ?? '系统', file: other?.file_name ?? '' }, code: 'identity:import-running' })
  }
  const run = file.runs + 1
  await updateFile(tx, id, { runs: run, applied_by: actor?.person_id ?? null, applied_as: actor?.number ?? null, began_at: tx.bus.clock.now(), began_rows })
  return run
}
