import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Files } from '../../integrations/files/index.ts'
import type { Sources } from '../../integrations/sources/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import type { T } from '../../platform/text.ts'
import type { SignedIn } from '../../platform/web.ts'
import type { DeliveryRow } from '../messages/index.ts'
import type { Hindrance } from './hindrances.ts'
import type { Consents, Messages } from './index.ts'
import { fileName } from './notices.ts'
import { documentPage, type MailingForm } from './pages/document.ts'
import { listPage, PAGE_SIZE, readStatus } from './pages/list.ts'
import { begunCell, storyOf } from './requests/record.ts'
import { findOfDocument, unfinishedRequestsOf } from './requests/store.ts'
import { canGiveAway, canSee } from './rules.ts'
import { Mailing } from './schema.ts'
import { linkCells, linkEvents } from './shares/pages.ts'
import { listOpened, openingsOf } from './shares/store.ts'
import { getDocument, listOfPerson, listVerifications } from './store.ts'
import type { DocumentRow } from './tables.ts'
import type { Template } from './templates.ts'
import type { Verbs } from './verbs.ts'

type Deps = { database: Database; clock: Clock; files: Files; messages: Messages; sources: Sources; verbs: Verbs; consents: Consents; templates: ReadonlyMap<string, Template>; hindrances(): Promise<Hindrance[]> }
type ById = { Params: { id: string } }

/** The notice that is agreed to before a document goes to somebody else. */
const THIRD_PARTY = 'third-party'

/** ms for which a request that came to nothing stays in 申请记录: a refund takes some days */
const REMEMBERED = 30 * 86_400_000

/** links of one document that its page shows; all of them are a page further */
const LINKS = 5

/** 申请记录: what was issued to the person, what became of it, and sending it again. */
export function routes({ database, clock, files, messages, sources, verbs, consents, templates, hindrances }: Deps): FastifyPluginAsync {
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

  async function show(request: FastifyRequest, reply: FastifyReply, document: DocumentRow, mailing?: MailingForm) {
    const [deliveries, verifications] = [await deliveriesOf(document), await listVerifications(db, document.id)]
    const held = document.status === 'reserved' && (await hindrances()).length > 0
    // To whom its owner gave links is the owner's business.
    const links = canGiveAway(request.person, document) ? await listOpened(db, document.id, LINKS) : []
    const story = [...storyOf(request.t, { document, request: await findOfDocument(db, document.id) }), ...linkEvents(links, request.t)].toSorted((a, b) => a.at - b.at)
    return reply.page('documents/document', { ...documentPage({ document, deliveries, verifications, held, viewer: request.person, now: clock.now(), t: request.t, notice: consents().noticeFor(THIRD_PARTY, request.language), ...(mailing && { mailing }) }), story, links: linkCells(links, document, clock.now(), request.t) })
  }

  /** Kinds whose title, in Chinese or the reader's language, has the words. */
  function kindsCalled(q: string, t: T): string[] {
    const words = q.toLowerCase()
    return [...templates.values()].filter(({ title }) => [title, t(title)].some(name => name.toLowerCase().includes(words))).map(({ kind }) => kind)
  }

  async function sentOf(rows: readonly DocumentRow[]): Promise<ReadonlyMap<string, readonly DeliveryRow[]>> {
    const found = new Map<string, readonly DeliveryRow[]>()
    for (const row of rows) found.set(row.id, await deliveriesOf(row))
    return found
  }

  return async app => {
    app.get<{ Querystring: { before?: string; q?: string; status?: string } }>('/documents', async (request, reply) => {
      const { t, person: { person_id }, query } = request
      const [q, status] = [typeof query.q === 'string' ? query.q.trim() : '', readStatus(query.status)]
      const rows = await listOfPerson(db, person_id, { before: query.before, limit: PAGE_SIZE + 1, status, found: q === '' ? undefined : { kinds: kindsCalled(q, t), number: q } })
      return reply.page('documents/list', listPage(rows, { t, q, status, sent: await sentOf(rows), opened: await openingsOf(db, rows.map(({ id }) => id)), begun: (await unfinishedRequestsOf(db, person_id, clock.now() - REMEMBERED)).map(row => begunCell(t, row, templates)) }))
    })

    app.get<ById>('/documents/:id', async (request, reply) => show(request, reply, await visible(request.person, request.params.id)))

    app.get<ById>('/documents/:id/file', async (request, reply) => {
      const document = await visible(request.person, request.params.id)
      if (!document.sha256) throw new AppError('not-found', '文件还在生成，稍后再来看')
      return reply.type('application/pdf')
        .header('content-disposition', `attachment; filename="document.pdf"; filename*=UTF-8''${encodeURIComponent(fileName({ title: request.t(document.title), number: document.number }))}`)
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
      const form = fits<Static<typeof Mailing>>(Mailing, request.body) ? request.body : { mailbox: '' }
      const { mailbox: typed, whose, consent } = form
      const again = (errors: MailingForm['errors'], status = 422) => show(request, reply.code(status), document, { address: typed, whose, errors })
      const address = readAddress(typed)
      if (typeof address !== 'string') return again({ mailbox: '请填写完整的邮箱地址，类似 name@example.com' })
      if (whose !== 'mine' && whose !== 'other') return again({ whose: '请选择这是谁的邮箱' })
      if (whose === 'other' && !canGiveAway(request.person, document)) throw new AppError('forbidden', '只有本人可以把文件寄给别人')
      if (whose === 'other' && !consent) return again({ consent: '寄给别人，需要你同意提供这份文件' })
      try {
        await database.write(async tx => {
          // Each time anew: whom it goes to is another one each time (个人信息保护法 23).
          if (whose === 'other' && consent) await consents().agreeOnce(tx, request.person, THIRD_PARTY, consent, document.number)
          await verbs.mailTo(tx, request.actor, id, address)
        })
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'privacy:other-text') throw error
        return again({ consent: error.message }, 409)
      }
      request.session.flash = { meaning: 'done', text: request.t('已寄往新的邮箱，结果会显示在下面') }
      return reply.redirect(`/documents/${id}`, 303)
    })
  }
}
