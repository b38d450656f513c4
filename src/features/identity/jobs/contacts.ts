import { type Running, type Work, work } from '../../../platform/jobs.ts'
import type { Context } from '../deps.ts'
import { pushMember } from './define-contacts.ts'
import { type Recording, writeMemberByKey } from './push-member.ts'

/** The jobs that write WeCom's address book and read it back. */
export function createContactJobs(context: Context): Work[] {
  const { database: { write } } = context
  const recordingIn = (job: Running): Recording => async record => {
    await write(async tx => {
      await job.hold(tx)
      await record(tx)
    })
  }
  return [
    work(pushMember, async ({ userid_key }, job) => await writeMemberByKey(context, userid_key, recordingIn(job))),
  ]
}
