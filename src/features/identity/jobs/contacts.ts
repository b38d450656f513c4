import { type Running, type Work, work } from '../../../platform/jobs.ts'
import type { Context } from '../deps.ts'
import { firstRead, pruneRuns } from '../store/contact-runs.ts'
import { beginPull, beginPush } from '../verbs/contact-runs.ts'
import { runSlice } from './contact-slice.ts'
import { contactSlice, hearContacts, lookAtMember, pushMember, reconcileNightly } from './define-contacts.ts'
import { hear, look, unlessRunning } from './hear-contacts.ts'
import { type Recording, writeMemberByKey } from './push-member.ts'

const MONTH = 30 * 86_400_000

/** The jobs that write WeCom's address book and read it back. */
export function createContactJobs(context: Context): Work[] {
  const { database: { write }, contacts, clock } = context
  const recordingIn = (job: Running): Recording => async record => {
    await write(async tx => {
      await job.hold(tx)
      await record(tx)
    })
  }
  return [
    work(pushMember, async ({ userid_key }, job) => await writeMemberByKey(context, userid_key, recordingIn(job))),
    work(lookAtMember, async ({ userid_key }, job) => await look(context, userid_key, recordingIn(job))),
    work(hearContacts, async ({ callback_id }, job) => await hear(context, callback_id, recordingIn(job))),
    work(contactSlice, async (input, job) => await runSlice(context, input, job, recordingIn(job))),
    work(reconcileNightly, async (_input, job) => {
      await recordingIn(job)(async tx => {
        await pruneRuns(tx, clock.now() - MONTH)
        // The first reading is an operator's to begin: it shows what the two sides say before anything is written.
        if (await firstRead(tx) === null) return
        await beginPull(tx, null).catch(unlessRunning)
        if (contacts.writesContacts) await beginPush(tx, null, { marking: true })
      })
    }),
  ]
}
