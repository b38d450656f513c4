import type { Db, Tx } from './db.ts'
import { AppError } from './errors.ts'
import type { JobsTable } from './jobs.ts'

export type JobStatus = JobsTable['status']
export type JobRow = Omit<JobsTable, 'reckoned_at' | 'lease_token' | 'dedupe' | 'subject'>

const SHOWN = ['id', 'name', 'queue', 'input', 'status', 'priority', 'attempts', 'due_at', 'lease_until', 'error', 'created_at', 'finished_at'] as const

/** Jobs of one status, newest first; `before` is the last id of the page before. */
export async function listJobs(db: Db, { status, before, limit }: { status: JobStatus; before?: string | undefined; limit: number }): Promise<JobRow[]> {
  return db.selectFrom('jobs').select(SHOWN).where('status', '=', status)
    .$if(before !== undefined, query => query.where('id', '<', before ?? '')).orderBy('id', 'desc').limit(limit).execute()
}

/** What is, was or will be done for one thing, newest first; what was done is forgotten after some days. */
export async function jobsFor(db: Db, subject: string, limit: number): Promise<JobRow[]> {
  return db.selectFrom('jobs').select(SHOWN).where('subject', '=', subject).orderBy('id', 'desc').limit(limit).execute()
}

/** How many there are of each status, counted up to a thousand, and since when (epoch ms) the oldest due one waits. */
export async function jobFigures(db: Db, now: number): Promise<{ counts: Record<JobStatus, number>; oldestDue: number | null }> {
  const count = async (status: JobStatus) => (await db.selectFrom('jobs').select('id').where('status', '=', status).limit(1000).execute()).length
  const oldest = await db.selectFrom('jobs').select('due_at').where('status', '=', 'waiting').where('due_at', '<=', now).orderBy('due_at').limit(1).executeTakeFirst()
  const [waiting, running, done, dead] = [await count('waiting'), await count('running'), await count('done'), await count('dead')]
  return { counts: { waiting, running, done, dead }, oldestDue: oldest?.due_at ?? null }
}

/** A dead job is given all its tries again. */
export async function reviveJob(tx: Tx, id: string): Promise<void> {
  const now = tx.bus.clock.now()
  const { numUpdatedRows } = await tx.updateTable('jobs').set({ status: 'waiting', attempts: 0, due_at: now, reckoned_at: now, finished_at: null })
    .where('id', '=', id).where('status', '=', 'dead').executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new AppError('conflict', '这项作业不在失败之列，可能已经有人重试')
  const row = await tx.selectFrom('jobs').select(['id', 'queue', 'due_at', 'priority']).where('id', '=', id).executeTakeFirstOrThrow()
  tx.bus.enqueued.push({ ...row, attempt: 0 })
}

/** Forgets what was done before `before` (epoch ms); the dead stay until somebody looks. At most `limit` rows, to keep the transaction short. */
export async function pruneJobs(tx: Tx, before: number, limit: number): Promise<number> {
  const old = await tx.selectFrom('jobs').select('id').where('status', '=', 'done').where('finished_at', '<', before).limit(limit).execute()
  if (old.length > 0) await tx.deleteFrom('jobs').where('id', 'in', old.map(row => row.id)).execute()
  return old.length
}
