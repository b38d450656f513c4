import { AppError } from '../../../platform/errors.ts'
import { type Outcome, type Running, work, type Work } from '../../../platform/jobs.ts'
import type { Verdict } from '../../../integrations/scan/index.ts'
import type { Context } from '../deps.ts'
import { type Attachment, attachmentById, attachmentsWith } from '../store/attachments.ts'
import { recordScan } from '../verbs/scan.ts'
import { scanAttachment } from './define.ts'

/** The scanner, and the place of the files, is looked for again so often; a file waits as long as it takes. */
const AGAIN = 60_000

/** Looks for viruses in what was uploaded. What is infected is gone from the store before the job is done. */
export function scanWork(context: Context): Work {
  return work(scanAttachment, async ({ attachment_id }, job) => look(attachment_id, job).catch(whileStoreAway))

  async function look(attachment_id: string, job: Running): Promise<Outcome> {
    const file = await attachmentById(context.database.db, attachment_id)
    if (!file) return
    if (file.status === 'waiting') return await scan(context, file, job)
    // Killed between the record and this, it comes here again.
    if (file.status === 'infected') await context.files.remove(file.sha256)
  }
}

async function scan(context: Context, file: Attachment, job: Running): Promise<Outcome> {
  const { database: { write }, files, scanner } = context
  if (!scanner) return { later: AGAIN } // taken out of this process's settings: what waits for one is not let through
  const bytes = await files.get(file.sha256).catch(whenGone)
  const verdict = bytes ? await scanner.scan(bytes).catch(whileAway) : await verdictOnGone(context, file)
  if (!verdict) return { later: AGAIN }
  await write(async tx => {
    await job.hold(tx)
    await recordScan(context, tx, file.sha256, verdict)
  })
  if (verdict.word === 'infected') await files.remove(file.sha256)
}

/** The same bytes came again while those of an infected attachment were being deleted. */
async function verdictOnGone({ database: { db } }: Context, { sha256 }: Attachment): Promise<Verdict> {
  const isKnown = (await attachmentsWith(db, sha256)).some(each => each.status === 'infected')
  return isKnown ? { word: 'infected', virus: 'same content as before' } : { word: 'unscannable', why: 'no bytes' }
}

/** The place of the files is away, and not the file. */
function whileStoreAway(error: unknown): Outcome {
  if (error instanceof AppError && error.code?.startsWith('files:')) return { later: AGAIN }
  throw error
}

function whenGone(error: unknown): null {
  if (error instanceof AppError && error.kind === 'not-found') return null
  throw error
}

function whileAway(error: unknown): Verdict | null {
  if (error instanceof AppError && error.kind === 'upstream') return null
  throw error
}
