import type { FastifyPluginAsync } from 'fastify'
import type { Static } from 'typebox'
import type { Database } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import type { Hindrance } from './hindrances.ts'
import { adminListPage, revocationPage, STATUSES } from './pages/admin.ts'
import { PAGE_SIZE } from './pages/list.ts'
import { canRevoke, documentMachine } from './rules.ts'
import { Revocation } from './schema.ts'
import { getDocument, listAll } from './store.ts'
import type { Verbs } from './verbs.ts'

type ById = { Params: { id: string } }
type Deps = { database: Database; verbs: Verbs; hindrances(): Promise<Hindrance[]> }

/** The register of documents, beginning one again, and revoking one: a page with a question, because it cannot be taken back. */
export function adminRoutes({ database, verbs, hindrances }: Deps): FastifyPluginAsync {
  const { db } = database
  return async app => {
    app.get<{ Querystring: { before?: string; status?: string } }>('/documents', async (request, reply) => {
      const status = STATUSES.find(each => each === request.query.status)
      const rows = await listAll(db, { before: request.query.before, status, limit: PAGE_SIZE + 1 })
      return reply.console('documents/admin-list', adminListPage(rows, { status, hindrances: await hindrances(), t: request.t }))
    })

    app.post<ById>('/documents/:id/redrawing', async (request, reply) => {
      const { id } = request.params
      await database.write(tx => verbs.redraw(tx, request.actor, id))
      request.session.flash = { meaning: 'done', text: request.t('已重新开始生成，好了会自动发给持有人') }
      return reply.redirect(`/documents/${id}`, 303)
    })

    app.get<ById>('/documents/:id/revocation', async (request, reply) => {
      const document = await getDocument(db, request.params.id)
      if (!canRevoke(request.person, document)) throw new AppError('conflict', documentMachine.sentences?.[document.status] ?? '')
      return reply.console('documents/revocation', revocationPage(document, request.t))
    })

    app.post<ById>('/documents/:id/revocation', async (request, reply) => {
      const { id } = request.params
      const { reason } = fits<Static<typeof Revocation>>(Revocation, request.body) ? request.body : { reason: '' }
      try {
        await database.write(tx => verbs.revoke(tx, request.actor, id, reason))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return reply.code(422).console('documents/revocation', revocationPage(await getDocument(db, id), request.t, reason, error.fields))
      }
      request.session.flash = { meaning: 'done', text: request.t('已作废。之后核验的人会看到作废和原因') }
      return reply.redirect('/admin/documents', 303)
    })
  }
}
