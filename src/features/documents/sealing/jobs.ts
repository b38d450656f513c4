import type { Files } from '../../../integrations/files/index.ts'
import type { Seal, Sealed } from '../../../integrations/seal/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { defineJob, defineQueue, type Outcome, type Running, type Work, work } from '../../../platform/jobs.ts'
import { getDocument } from '../store.ts'
import { listEnding, listUnarchived } from './store.ts'
import { documentLowered } from './events.ts'
import { ARCHIVE_AHEAD, FIRST_RAISE, raiseAgainIn } from './rules.ts'
import type { SealingVerbs } from './verbs.ts'

// Apart from drawing: it waits for authorities that may be slow, and nobody waits for it.
const raising = defineQueue('raising', { concurrency: 1 })
export const raiseLevel = defineJob({ name: 'documents.raise-level', queue: raising, on: documentLowered, lease: 60_000, outages: 200 })
export const archiveSeals = defineJob({ name: 'documents.archive-seals', queue: raising, every: { minutes: 10 }, lease: 10 * 60_000 })
const housekeeping = defineQueue('housekeeping', { concurrency: 1 })
export const watchSeal = defineJob({ name: 'documents.watch-seal', queue: housekeeping, every: { dailyAt: '08:40' } })

type Deps = { database: Database; clock: Clock; files: Files; seal: Seal | null; sealing: SealingVerbs }

export function sealingWork(deps: Deps): Work[] {
  const { database, seal, sealing } = deps
  return [
    work(raiseLevel, ({ document_id }, running) => raise(deps, document_id, running)),
    work(archiveSeals, (_, running) => archiveDue(deps, running)),
    work(watchSeal, async () => {
      if (seal) await database.write(tx => sealing.warnOfEnd(tx, seal.certificate))
    }),
  ]
}

async function raise({ database, clock, files, seal, sealing }: Deps, id: string, running: Running): Promise<Outcome> {
  const document = await getDocument(database.db, id)
  if (document.status !== 'issued' || !document.sha256 || !document.issued_at) return undefined
  const early = document.issued_at + FIRST_RAISE - clock.now()
  if (early > 0) return { later: early }
  const again = raiseAgainIn(document.issued_at, clock.now())
  if (again === null) return undefined
  if (!seal) return { later: again }
  const raised = await seal.raise(await files.get(document.sha256))
  if (raised.level !== document.level) await keep(raised)
  return raised.level === raised.wished ? undefined : { later: again }

  async function keep({ pdf, level, earlier }: Sealed): Promise<void> {
    const sha256 = await files.put(pdf)
    await database.write(tx => sealing.raise(tx, running, document, { sha256, level, earlier }))
  }
}

/** of each kind in one run, which ends well within its lease */
const MOST = 100

/** Stamps what no stamp keeps yet, and what the authority's certificate will not keep much longer where it has one that lasts. Whom it does not answer now is there in ten minutes. */
async function archiveDue({ database: { db, write }, clock, files, seal, sealing }: Deps, running: Running): Promise<void> {
  const archive = seal?.archive
  if (!archive || await files.fault()) return
  const now = clock.now()
  const ahead = now + ARCHIVE_AHEAD
  const fresh = await listUnarchived(db, MOST)
  const ending = await listEnding(db, { now, before: ahead, limit: MOST })
  const until = fresh.length + ending.length > 0 ? await archive.until() : null
  if (until === null) return
  for (const document of [...fresh, ...ending.filter(({ archived_until }) => (archived_until ?? 0) < until)]) {
    if (running.signal.aborted || document.sha256 === null) return
    const archived = await archive.stamp(await files.get(document.sha256))
    if (!archived) continue
    const sha256 = await files.put(archived.pdf)
    await write(tx => sealing.archive(tx, running, document, { ...archived, sha256 }))
  }
}
