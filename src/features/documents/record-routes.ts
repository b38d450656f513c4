import type { FastifyPluginAsync } from 'fastify'
import type { Static } from 'typebox'
import type { Database } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import type { SignedIn } from '../../platform/web.ts'
import type { ApplicationView } from '../services/index.ts'
import type { Services } from './index.ts'
import { recordPage } from './pages/record.ts'
import { recordKey } from './records.ts'
import { canAskRecord } from './rules.ts'
import { RecordForm } from './schema.ts'
import { findRecord, recordsOf } from './store.ts'
import type { Verbs } from './verbs.ts'

type Deps = { database: Database; services: Services; verbs: Verbs }
type OfApplication = { Params: { application: string } }

/** 办结单: what goes on it is chosen, then it is drawn and sealed like every document. */
export function recordRoutes({ database, services, verbs }: Deps): FastifyPluginAsync {
  const { db } = database

  async function mayAsk(person: SignedIn, id: string): Promise<ApplicationView> {
    const application = await services.applicationById(db, id)
    // As if it did not exist, where it is none of their business.
    if (application.person_id !== person.person_id && !canAskRecord(person, application)) throw new AppError('not-found', '没有找到这份申请。可能是链接不完整，或者草稿已经删除')
    if (!canAskRecord(person, application)) throw new AppError('conflict', '申请办结以后才有办结单')
    return application
  }

  return async app => {
    app.get<OfApplication>('/documents/records/:application', async (request, reply) => {
      const application = await mayAsk(request.person, request.params.application)
      return reply.page('documents/record', recordPage(request.t, application, await recordsOf(db, application.id)))
    })

    app.post<OfApplication>('/documents/records/:application', async (request, reply) => {
      const application = await mayAsk(request.person, request.params.application)
      const { history, files } = fits<Static<typeof RecordForm>>(RecordForm, request.body) ? request.body : {}
      const wanted = { history: history !== undefined, files: files !== undefined }
      try {
        return reply.redirect(`/documents/${await database.write(tx => verbs.reserveRecord(tx, request.actor, application, wanted))}`, 303)
      } catch (error) {
        // An impatient second tap: the first one's record is there by now.
        const made = error instanceof AppError && error.kind === 'conflict' ? await findRecord(db, recordKey(application, wanted)) : undefined
        if (!made) throw error
        return reply.redirect(`/documents/${made.id}`, 303)
      }
    })
  }
}
