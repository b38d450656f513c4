import { type App, createApp } from '../../../src/app.ts'
import type { Clock } from '../../../src/platform/clock.ts'
import { createEmbeddedDispatcher } from '../../../src/platform/dispatch-embedded.ts'
import { createRunner } from '../../../src/platform/run-jobs.ts'
import { startTestApp } from '../../support/app.ts'
import { type Cleaner, quietLog } from '../../support/database.ts'
import { cast } from '../../support/people.ts'
import { copyDatabase } from './copy-database.ts'

const KIND = 'enrolment-zh'

/** A hall of its own with so many students at most, and batches of a certificate for all of them. */
export async function startIssuing(t: Cleaner, count: number) {
  const hall = await startTestApp(t)
  const app = await createApp({ ...hall.app.config, databaseUrl: await copyDatabase(t, hall.app) }, { clock: hall.clock, log: quietLog })
  t.after(() => app.close())
  const rows = await app.database.db.selectFrom('identity_numbers').select('number').where('kind', '=', 'student').where('standing', '=', 'enrolled').orderBy('number').limit(count).execute()
  return { app, clock: hall.clock, numbers: rows.map(row => row.number), ...await batches(t, app, hall.clock) }
}

async function batches(t: Cleaner, app: App, clock: Clock) {
  const { database } = app
  const admin = (await cast(app)).admin
  const works = app.features.flatMap(feature => feature.jobs ?? []).filter(work => ['documents.check-batch', 'documents.issue-slice', 'documents.tell-batch'].includes(work.job.name))
  const dispatcher = createEmbeddedDispatcher({ database, runner: createRunner({ database, works, clock, log: quietLog }), log: quietLog })
  await dispatcher.start()
  t.after(() => dispatcher.stop())
  const { bulk: verbs } = app.documents
  const actor = { person_id: admin.person_id, number: admin.number }
  const reached = async (id: string, status: string) => {
    while ((await database.db.selectFrom('documents_batches').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status !== status) await new Promise(resolve => setTimeout(resolve, 5))
  }
  return {
    async prepare(numbers: readonly string[]): Promise<string> {
      const people = await app.identity.peopleByNumbers(database.db, numbers)
      const id = await database.write(tx => verbs.prepare(tx, actor, { kind: KIND, name: '', purpose: '', again: true, deliver: 'none', by_name: '', strangers: [], people: people.map(person => ({ person_id: person.id, number: person.number, name: person.name })) }))
      await reached(id, 'ready')
      return id
    },
    async issue(id: string): Promise<void> {
      await database.write(tx => verbs.begin(tx, actor, id))
      await reached(id, 'done')
    },
  }
}
