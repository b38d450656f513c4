import { setTimeout } from 'node:timers/promises'
import type { Database } from '../../../platform/db.ts'
import { AppError, isOutcome } from '../../../platform/errors.ts'
import { type Outcome, type Running, type Work, work } from '../../../platform/jobs.ts'
import type { Context } from '../deps.ts'
import { checkFile } from '../roster/check-file.ts'
import { findImport, NOTHING_READ, partsOf, staleImports } from '../store/imports.ts'
import { applySlice, queueSlice } from '../verbs/import/apply.ts'
import { stopImport } from '../verbs/import/decide.ts'
import { markSlice } from '../verbs/import/mark.ts'
import { dropImport, forgetCells, refuseFile, refuseUnsafe } from '../verbs/import/receive.ts'
import type { Vault } from '../vault.ts'
import { forgetRosters, importSlice, markMissing, readRosterFile } from './define-rosters.ts'

const DAY = 86_400_000

// Where the database is in the process, a slice is one stretch of work in which nobody else is served; after it others get theirs.
const breath = () => setTimeout(BREATH)
const BREATH = 10

/** Rosters: read, written slice by slice, and forgotten. */
export function rosterWorks(context: Context): Work[] {
  const { database: { db, write }, vault, clock } = context
  return [
    work(readRosterFile, async ({ import_id }, job) => await read(context, import_id, job)),
    work(importSlice, async ({ import_id, position, run }, job) => {
      await orStop(context.database, import_id, job, () => write(async tx => {
        await job.hold(tx)
        const { more } = await applySlice(tx, vault, import_id, position, run)
        if (more) await queueSlice(tx, import_id, run)
      }))
      await breath()
    }),
    work(markMissing, async ({ mark_id }, job) => {
      const more = await write(async tx => {
        await job.hold(tx)
        return await markSlice(tx, mark_id)
      })
      await breath()
      if (more) return { later: 0 }
    }),
    work(forgetRosters, async () => {
      for (const { id } of await staleImports(db, ['reading', 'checked', 'refused'], clock.now() - 7 * DAY)) await write(tx => dropImport(tx, null, id))
      for (const { id } of await staleImports(db, ['done', 'stopped', 'dropped'], clock.now() - 30 * DAY)) await write(tx => forgetCells(tx, id))
    }),
  ]
}

async function read(context: Context, import_id: string, job: Running): Promise<Outcome> {
  const { database: { db, write }, vault } = context
  try {
    const bytes = await fileOf(db, vault, import_id)
    const scan = await scanned(context, import_id, bytes, job)
    if (scan === 'away') return { later: SCANNER_AGAIN }
    if (scan === 'refused') return
    if (!await checkFile(context, import_id, bytes, job)) return { later: 0 }
  } catch (error) {
    if (job.last && !isOutcome(error)) await write(tx => refuseFile(tx, import_id, [{ row: 0, column: '', sentence: '检查时出了意外，请过一会儿重新上传；还是不行，请联系信息中心' }], NOTHING_READ))
    throw error
  }
}

/** The scanner is looked for again so often; a roster waits as long as it takes. */
const SCANNER_AGAIN = 60_000

/** Nothing of a file is read before it was looked at for viruses. */
async function scanned({ scanner, database: { db, write } }: Context, import_id: string, bytes: Buffer, job: Running): Promise<'read on' | 'away' | 'refused'> {
  const found = await findImport(db, import_id)
  if (!scanner || found?.status !== 'reading' || found.preview.rows > 0) return 'read on'
  try {
    const verdict = await scanner.scan(bytes)
    if (verdict.word === 'clean') return 'read on'
    await write(async tx => {
      await job.hold(tx)
      await refuseUnsafe(tx, import_id, verdict)
    })
    return 'refused'
  } catch (error) {
    if (error instanceof AppError && error.kind === 'upstream') return 'away'
    throw error
  }
}

/** After the last try the import stands stopped, so that others may import and somebody may go on with it. */
async function orStop({ db, write }: Database, import_id: string, job: Running, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (job.last && !isOutcome(error) && (await findImport(db, import_id))?.status === 'applying') await write(tx => stopImport(tx, null, import_id))
    throw error
  }
}

async function fileOf(db: Database['db'], vault: Vault, import_id: string): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const sealed of partsOf(db, import_id)) parts.push(Buffer.from(vault.open('roster', sealed), 'base64'))
  return Buffer.concat(parts)
}
