import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Database } from '../../platform/db.ts'
import { readCode } from '../../platform/ids.ts'
import { getBatch } from './batches/store.ts'
import type { Identity } from './index.ts'
import type { Template } from './templates.ts'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import type { Hindrance } from './hindrances.ts'
import { adminListPage, type Query, readQuery, revocationPage, STATUSES } from './pages/admin.ts'
import { PAGE_SIZE } from './pages/list.ts'
import { canReissue, canRevoke, documentMachine } from './rules.ts'
import { changesIn, contentNow, type reissueVerb } from './replacements.ts'
import { reissuePage } from './pages/reissue.ts'
import { Revocation } from './schema.ts'
import { getDocument, listAll, type Narrowed } from './store.ts'
import type { Verbs } from './verbs.ts'

/** of one name, at most */
const NAMESAKES = 200

type ById = { Params: { id: string } }
type Deps = { database: Database; verbs: Verbs; reissue: ReturnType<typeof reissueVerb>; content: Parameters<typeof contentNow>[1]; identity: Identity; templates: ReadonlyMap<string, Template>; hindrances(): Promise<Hindrance[]> }

/** The register of documents, beginning one again, and revoking one: a page with a question, because it cannot be taken back. */
export function adminRoutes({ database, verbs, reissue, content, identity, templates, hindrances }: Deps): FastifyPluginAsync {
  const { db } = database

  /** A code, the beginning of a number, or somebody's name. */
  async function searched(typed: string): Promise<Narrowed> {
    if (typed === '') return {}
    const code = readCode(typed)
    if (code && !/^\d+$/.test(typed)) return { code }
    if (/^[\dA-Z][\w-]{2,}$/i.test(typed)) return { number: typed }
    return { person_ids: (await identity.searchPeople(db, { q: typed, limit: NAMESAKES })).people.map(({ id }) => id) }
  }

  async function showReissue(request: FastifyRequest, reply: FastifyReply, id: string, typed?: { reason: string; error: string }): Promise<FastifyReply> {
    const document = await getDocument(db, id)
    if (!canReissue(request.person, document)) throw new AppError('conflict', documentMachine.sentences?.[document.status] ?? '')
    const { template, facts } = await contentNow(db, content, document)
    return reply.console('documents/reissue', reissuePage(document, changesIn(template, document.facts, facts), request.t, typed?.reason, typed?.error))
  }

  return async app => {
    app.get<{ Querystring: Query & { before?: string } }>('/documents', async (request, reply) => {
      const query = readQuery(request.query)
      const narrowed = { ...await searched(query.q), status: STATUSES.find(each => each === query.status), kind: query.kind || undefined, batch_id: query.batch || undefined }
      const rows = await listAll(db, { ...narrowed, before: request.query.before, limit: PAGE_SIZE + 1 })
      const batch = query.batch ? await getBatch(db, query.batch) : undefined
      return reply.console('documents/admin-list', adminListPage(rows, { query, batch, kinds: [...templates.values()], hindrances: await hindrances(), t: request.t }))
    })

    app.post<ById>('/documents/:id/redrawing', async (request, reply) => {
      const { id } = request.params
      await database.write(tx => verbs.redraw(tx, request.actor, id))
      request.session.flash = { meaning: 'done', text: request.t('已重新开始生成，好了会自动发给持有人') }
      return reply.redirect(`/documents/${id}`, 303)
    })

    app.get<ById>('/documents/:id/reissue', async (request, reply) => showReissue(request, reply, request.params.id))

    app.post<ById>('/documents/:id/reissue', async (request, reply) => {
      const { id } = request.params
      const { reason } = fits<Static<typeof Revocation>>(Revocation, request.body) ? request.body : { reason: '' }
      try {
        const fresh = await database.write(tx => reissue(tx, request.actor, id, reason))
        request.session.flash = { meaning: 'done', text: request.t('原来的一份已作废，新的一份正在生成') }
        return await reply.redirect(`/documents/${fresh}`, 303)
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return showReissue(request, reply.code(422), id, { reason, error: request.t(error.message) })
      }
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
