import { hash } from 'node:crypto'
import type { CellError, Encoding } from '../../../../integrations/sources/index.ts'
import type { Verdict } from '../../../../integrations/scan/index.ts'
import type { Tx } from '../../../../platform/db.ts'
import { AppError } from '../../../../platform/errors.ts'
import { type Actor, emit } from '../../../../platform/events.ts'
import { newId } from '../../../../platform/ids.ts'
import { enqueue } from '../../../../platform/jobs.ts'
import { move } from '../../../../platform/machine.ts'
import { rosterInfected } from '../../events-roster.ts'
import { readRosterFile } from '../../jobs/define-rosters.ts'
import { importMachine } from '../../rules/import.ts'
import { forgetReading, forgetValues } from '../../store/import-rows.ts'
import { forgetParts, getImport, insertImport, insertPart, NOTHING_READ, type Preview, savePreview, updateFile } from '../../store/imports.ts'
import type { ImportKind } from '../../tables.ts'
import type { Vault } from '../../vault.ts'

type Received = { kind: ImportKind; file_name: string; bytes: Uint8Array; encoding?: Encoding | undefined }

const PART = 256 * 1024

/** Keeps an uploaded roster, sealed, and enqueues its reading. */
export async function receiveImport(tx: Tx, vault: Vault, actor: Actor | null, received: Received): Promise<string> {
  const id = await registerImport(tx, actor, received)
  const { bytes } = received
  for (let position = 0; position * PART < bytes.length; position++) {
    const part = Buffer.from(bytes.subarray(position * PART, (position + 1) * PART)).toString('base64')
    await insertPart(tx, { import_id: id, position, bytes_sealed: vault.seal('roster', part) })
  }
  await enqueueReading(tx, id, 0)
  return id
}

/** An import whose reading the caller sees to, with the bytes at hand. */
export async function registerImport(tx: Tx, actor: Actor | null, { kind, file_name, bytes, encoding }: Received): Promise<string> {
  const id = newId()
  const sha256 = hash('sha256', bytes)
  await insertImport(tx, { id, kind, file_name: file_name.slice(-200), person_id: actor?.person_id ?? null, sha256, size: bytes.length, encoding: encoding ?? null })
  return id
}

/** Reads the file again in another encoding; what was read of it is forgotten. */
export async function rereadImport(tx: Tx, actor: Actor, id: string, encoding: Encoding): Promise<void> {
  const found = await getImport(tx, id)
  if (found.preview.facts?.format === 'xlsx') throw new AppError('invalid', '只有 CSV 文件可以换编码')
  await move(tx, importMachine, found, 'reread', { actor, set: { errors: '[]' } })
  await forgetReading(tx, id)
  await savePreview(tx, id, NOTHING_READ)
  const run = found.file.runs + 1
  await updateFile(tx, id, { encoding, runs: run, began_at: tx.bus.clock.now() })
  await enqueueReading(tx, id, run)
}

async function enqueueReading(tx: Tx, import_id: string, run: number): Promise<void> {
  await enqueue(tx, readRosterFile, { import_id }, { key: `read-roster-${import_id}-${run}` })
}

/** Every row was read; somebody may decide now. */
export async function finishReading(tx: Tx, id: string, preview: Preview): Promise<void> {
  await move(tx, importMachine, { id }, 'check', { actor: null, set: { preview: JSON.stringify(preview) } })
}

/** The file as a whole cannot be taken; the errors say why. Its bytes stay a while, should it be the encoding. */
export async function refuseFile(tx: Tx, id: string, errors: readonly CellError[], preview: Preview): Promise<void> {
  await move(tx, importMachine, { id }, 'refuse', { actor: null, set: { errors: JSON.stringify(errors), preview: JSON.stringify(preview) } })
  await forgetReading(tx, id)
}

/** The scanner found a virus in it, or could not look inside; its bytes are gone at once. */
export async function refuseUnsafe(tx: Tx, id: string, verdict: Exclude<Verdict, { word: 'clean' }>): Promise<void> {
  const sentence = verdict.word === 'infected' ? '文件里查出病毒，没有读取，已经删除。请用杀毒软件检查你的电脑' : '文件无法检查病毒，可能加了密码，没有读取。请去掉密码再上传'
  await refuseFile(tx, id, [{ row: 0, column: '', sentence }], NOTHING_READ)
  await forgetParts(tx, id)
  if (verdict.word === 'infected') await emit(tx, rosterInfected, { import_id: id, virus: verdict.virus }, { subject: id, actor: null })
}

/** Nothing is written, and nothing but the fact that there was a file is kept. */
export async function dropImport(tx: Tx, actor: Actor | null, id: string): Promise<void> {
  await move(tx, importMachine, { id }, 'drop', { actor, data: { import_id: id } })
  await forgetReading(tx, id)
  await forgetParts(tx, id)
}

/** Forgets the cells that were kept for correction. */
export async function forgetCells(tx: Tx, id: string): Promise<void> {
  await forgetValues(tx, id)
  await forgetParts(tx, id)
}
