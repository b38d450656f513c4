import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import type { Database } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import { adminListPage, revocationPage } from './pages.ts'
import { PAGE_SIZE } from './routes.ts'
import { getDocument, listAll } from './store.ts'
import type { DocumentRow } from './tables.ts'
import type { Verbs } from './verbs.ts'

type ById = { Params: { id: string } }
const Revocation = Type.Object({ reason: Type.String({ maxLength: 200 }) })
const STATUSES: readonly DocumentRow['status'][] = ['reserved', 'issued', 'impossible', 'revoked']

/** The register of documents, and revoking one: a page with a question, because it cannot be taken back. */
export function adminRoutes({ database, verbs, missingBrowser }: { database: Database; verbs: Verbs; missingBrowser(): Promise<string | null> }): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: { before?: string; status?: string } }>('/documents', async (request, reply) => {
      const status = STATUSES.find(each => each === request.query.status)
      const rows = await listAll(database.db, { before: request.query.before, status, limit: PAGE_SIZE + 1 })
      return reply.console('documents/admin-list', adminListPage(rows, { status, missing: await missingBrowser(), t: request.t }))
    })

    app.get<ById>('/documents/:id/revocation', async (request, reply) =>
      reply.console('documents/revocation', revocationPage(await getDocument(database.db, request.params.id), request.t)))

    app.post<ById>('/documents/:id/revocation', async (request, reply) => {
      const { id } = request.params
      const reason = fits<{ reason: string }>(Revocation, request.body) ? request.body.reason : ''
      try {
        await database.write(tx => verbs.revoke(tx, request.actor, id, reason))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return reply.code(422).console('documents/revocation', revocationPage(await getDocument(database.db, id), request.t, error.fields))
      }
      request.session.flash = { meaning: 'done', text: request.t('已作废。之后核验的人会看到作废和原因') }
      return reply.redirect('/admin/documents', 303)
    })
  }
}
