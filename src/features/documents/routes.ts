import type { FastifyPluginAsync } from 'fastify'
import type { Files } from '../../integrations/files/index.ts'
import type { Database } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import type { SignedIn } from '../../platform/web.ts'
import type { Messages } from './index.ts'
import { fileName } from './notices.ts'
import { documentPage, listPage } from './pages.ts'
import { canSee } from './rules.ts'
import { getDocument, listOfPerson, listVerifications } from './store.ts'
import type { DocumentRow } from './tables.ts'

type Deps = { database: Database; files: Files; messages: Messages }
type ById = { Params: { id: string } }

export const PAGE_SIZE = 20

/** 申请记录: what was issued to the person, what became of it, and sending it again. */
export function routes({ database, files, messages }: Deps): FastifyPluginAsync {
  const { db } = database
  const visible = async (person: SignedIn, id: string): Promise<DocumentRow> => {
    const document = await getDocument(db, id)
    // As if it did not exist: whether a number is taken is nobody else's business.
    if (!canSee(person, document)) throw new AppError('not-found', '没有找到这份文件')
    return document
  }

  return async app => {
    app.get<{ Querystring: { before?: string } }>('/documents', async (request, reply) => {
      const rows = await listOfPerson(db, request.person.person_id, { before: request.query.before, limit: PAGE_SIZE + 1 })
      return reply.page('documents/list', listPage(rows, request.t))
    })

    app.get<ById>('/documents/:id', async (request, reply) => {
      const document = await visible(request.person, request.params.id)
      const [deliveries, verifications] = [await messages.deliveriesOf(db, document.id), await listVerifications(db, document.id)]
      return reply.page('documents/document', documentPage({ document, deliveries, verifications, viewer: request.person, t: request.t }))
    })

    app.get<ById>('/documents/:id/file', async (request, reply) => {
      const document = await visible(request.person, request.params.id)
      if (!document.sha256) throw new AppError('not-found', '文件还在生成，稍后再来看')
      return reply.type('application/pdf')
        .header('content-disposition', `attachment; filename="document.pdf"; filename*=UTF-8''${encodeURIComponent(fileName(document))}`)
        .send(await files.open(document.sha256))
    })

    app.post<{ Params: { id: string; delivery: string } }>('/documents/:id/deliveries/:delivery/resending', async (request, reply) => {
      const document = await visible(request.person, request.params.id)
      const deliveries = await messages.deliveriesOf(db, document.id)
      if (!deliveries.some(each => each.id === request.params.delivery)) throw new AppError('not-found', '没有找到这次发送')
      await database.write(tx => messages.resend(tx, request.actor, request.params.delivery))
      request.session.flash = { meaning: 'done', text: request.t('已重新发送，结果会显示在下面') }
      return reply.redirect(`/documents/${document.id}`, 303)
    })
  }
}
