import { type Running, type Work, work } from '../../platform/jobs.ts'
import type { Deps } from './deps.ts'
import { sheetOf } from './sheet.ts'
import { endExport, exportsBefore, forgetExport, getExport, isShared, setWritten } from './store-exports.ts'
import { measureSome } from './verbs/measure.ts'
import { moveSome } from './verbs/move.ts'
import { exportCases, forgetExports, measureDays, moveSlice } from './work.ts'

export function caseWork(deps: Deps): Work[] {
  return [
    work(moveSlice, async ({ move_id }) => await moveSome(deps, move_id) ? undefined : { later: 0 }),
    work(measureDays, async (_input, running) => await measureSome(deps, running) ? undefined : { later: 0 }),
    work(exportCases, ({ export_id }, running) => writeExport(deps, export_id, running)),
    work(forgetExports, (_input, running) => forgetSome(deps, running)),
  ]
}

/** The workbook from its beginning, however far another try came: half of one is of no use. */
async function writeExport(deps: Deps, id: string, { hold }: Running): Promise<void> {
  const { clock, database: { db, write }, files, sources } = deps
  const asked = await getExport(db, id)
  if (asked.ended_at !== null) return
  let written = 0
  const { sheet } = await sheetOf(deps, db, asked, async many => {
    written = many
    await write(async tx => {
      await hold(tx)
      await setWritten(tx, id, many)
    })
  })
  const sha256 = await files.put(Buffer.concat(await sources.writeXlsx([sheet]).toArray()))
  await write(async tx => {
    await hold(tx)
    await endExport(tx, id, { written, sha256, ended_at: clock.now() })
  })
}

/** A workbook is fetched at once or asked for again: it is full of names. */
export const KEPT_DAYS = 7
const SLICE = 200

async function forgetSome({ clock, database: { db, write }, files }: Deps, { signal }: Running): Promise<void> {
  // The console says so; the next night forgets for this one as well.
  if (await files.fault()) return
  for (const { id, sha256 } of await exportsBefore(db, clock.now() - KEPT_DAYS * 86_400_000, SLICE)) {
    if (signal.aborted) return
    if (sha256 !== null && !await isShared(db, { id, sha256 })) await files.remove(sha256)
    await write(tx => forgetExport(tx, id, clock.now()))
  }
}
