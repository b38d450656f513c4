import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Files } from '../../integrations/files/index.ts'
import type { Sources } from '../../integrations/sources/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import type { SignedIn } from '../../platform/web.ts'
import type { Hindrance } from './hindrances.ts'
import type { Messages } from './index.ts'
import { fileName } from './notices.ts'
import { documentPage } from './pages/document.ts'
import { listPage, PAGE_SIZE } from './pages/list.ts'
import { canSee } from './rules.ts'
import { Mailing } from './schema.ts'
import { getDocument, listOfPerson, listVerifications } from './store.ts'
import type { DocumentRow } from './tables.ts'
import type { Verbs } from './verbs.ts'

type Deps = { database: Database; clock: Clock; files: Files; messages: Messages; sources: Sources; verbs: Verbs; hindrances(): Promise<Hindrance[]> }
type ById = { Params: { id: string } }

/** 申请记录: what was issued to the person, what became of it, and sending it again. */
export function routes({ database, clock, files, messages, sources, verbs, hindrances }: Deps): FastifyPluginAsync {
  const { db } = database
  const readAddress = sources.cells.email()

  async function visible(person: SignedIn, id: string): Promise<DocumentRow> {
    const document = await getDocument(db, id)
    // As if it did not exist: whether a number is taken is nobody else's business.
    if (!canSee(person, document)) throw new AppError('not-found', '没有找到这份文件')
    return document
  }

  /** What its owner was sent; administrators are told of it as well, but that is not the owner's business. */
  async function deliveriesOf(document: DocumentRow) {
    return (await messages.deliveriesOf(db, document.id)).filter(each => each.person_id === document.person_id)
  }

  async function show(request: FastifyRequest, reply: FastifyReply, document: DocumentRow, mailing?: { address: string; error: string }) {
    const [deliveries, verifications] = [await deliveriesOf(document), await listVerifications(db, document.id)]
    const held = document.status === 'reserved' && (await hindrances()).length > 0
    return reply.page('documents/document', documentPage({ document, deliveries, verifications, held, viewer: request.person, now: clock.now(), t: request.t, ...(mailing && { mailing }) }))
  }

  return async app => {
    app.get<{ Querystring: { before?: string } }>('/documents', async (request, reply) => {
      const rows = await listOfPerson(db, request.person.person_id, { before: request.query.before, limit: PAGE_SIZE + 1 })
      return reply.page('documents/list', listPage(rows, request.t))
    })

    app.get<ById>('/documents/:id', async (request, reply) => show(request, reply, await visible(request.person, request.params.id)))

    app.get<ById>('/documents/:id/file', async (request, reply) => {
      const document = await visible(request.person, request.params.id)
      if (!document.sha256) throw new AppError('not-found', '文件还在生成，稍后再来看')
      return reply.type('application/pdf')
        .header('content-disposition', `attachment; filename="document.pdf"; filename*=UTF-8''${encodeURIComponent(fileName(document))}`)
        .send(await files.open(document.sha256))
    })

    app.post<{ Params: { id: string; delivery: string } }>('/documents/:id/deliveries/:delivery/resending', async (request, reply) => {
      const { id, delivery } = request.params
      const document = await visible(request.person, id)
      if (!(await deliveriesOf(document)).some(each => each.id === delivery)) throw new AppError('not-found', '没有找到这次发送')
      await database.write(tx => verbs.resend(tx, request.actor, id, delivery))
      request.session.flash = { meaning: 'done', text: request.t('已重新发送，结果会显示在下面') }
      return reply.redirect(`/documents/${id}`, 303)
    })

    app.post<ById>('/documents/:id/mailing', async (request, reply) => {
      const { id } = request.params
      const document = await visible(request.person, id)
      const typed = fits<Static<typeof Mailing>>(Mailing, request.body) ? request.body.mailbox : ''
      const address = readAddress(typed)
      if (typeof address !== 'string') return show(request, reply.code(422), document, { address: typed, error: '请填写完整的邮箱地址，类似 name@example.com' })
      await database.write(tx => verbs.mailTo(tx, request.actor, id, address))
      request.session.flash = { meaning: 'done', text: request.t('已寄往新的邮箱，结果会显示在下面') }
      return reply.redirect(`/documents/${id}`, 303)
    })
  }
}
