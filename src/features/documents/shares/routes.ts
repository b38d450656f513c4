import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Sources } from '../../../integrations/sources/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Consents, Messages } from '../index.ts'
import { qrSvg } from '../qr.ts'
import { getDocument } from '../store.ts'
import type { DocumentRow } from '../tables.ts'
import { type Faults, newSharePage, PAGE_SIZE, sharePage, sharesPage, type Typed } from './pages.ts'
import { canShare, endOfDay, usualDay, viewsIn } from './rules.ts'
import { SendingForm, ShareForm, UntilForm } from './schema.ts'
import { findShare, listOpenings, listShares } from './store.ts'
import type { Share } from './tables.ts'
import type { ShareVerbs } from './verbs.ts'

type Deps = { database: Database; clock: Clock; messages: Pick<Messages, 'deliveriesOf'>; sources: Sources; consents: Consents; shares: ShareVerbs }
type ById = { Params: { id: string } }
type ByShare = { Params: { share: string } }

/** The notice that is agreed to before a link is mailed to somebody named. */
const NOTICE = 'document-share'

/** What its owner does with links to a document. */
export function shareRoutes({ database, clock, messages, sources, consents, shares }: Deps): FastifyPluginAsync {
  const { db } = database
  const readAddress = sources.cells.email()

  // To everybody else it is as if it did not exist.
  async function ownDocument(request: FastifyRequest, id: string): Promise<DocumentRow> {
    const document = await getDocument(db, id)
    if (document.person_id !== request.person.person_id) throw new AppError('not-found', '没有找到这份文件')
    return document
  }

  async function ownShare(request: FastifyRequest, id: string): Promise<Share> {
    const share = await findShare(db, id)
    if (share?.person_id !== request.person.person_id) throw new AppError('not-found', '没有找到这个分享')
    return share
  }

  const notice = (request: FastifyRequest) => consents().noticeFor(NOTICE, request.language)

  function form(request: FastifyRequest, reply: FastifyReply, document: DocumentRow, { typed, errors }: { typed: Typed; errors: Faults }) {
    return reply.page('documents/share-new', newSharePage({ document, typed, errors, notice: notice(request), now: clock.now(), t: request.t }))
  }

  async function show(request: FastifyRequest, reply: FastifyReply, share: Share, { typed, errors }: { typed: Typed; errors: Faults } = { typed: {}, errors: {} }) {
    const address = shares.addressOf(share)
    const [document, deliveries, openings] = [await getDocument(db, share.document_id), await messages.deliveriesOf(db, share.id), await listOpenings(db, share.id)]
    const svg = address && await qrSvg(address)
    return reply.page('documents/share', sharePage({ share, document, deliveries, openings, address, svg, passcode: shares.passcodeOf(share), typed, errors, notice: notice(request), now: clock.now(), t: request.t }))
  }

  /** Whom it goes to: null for nobody; faults at their fields. */
  function recipientIn({ recipient = '', mailbox = '', consent }: Typed): { to: { name: string; address: string } | null; errors: Faults } {
    const name = recipient.trim()
    if (name === '' && mailbox.trim() === '') return { to: null, errors: {} }
    const address = readAddress(mailbox)
    const errors: Faults = {
      ...name === '' ? { recipient: '请填写收件人，例如单位或姓名' } : [...name].length > 60 ? { recipient: '收件人最多 60 个字' } : {},
      ...typeof address === 'string' ? {} : { mailbox: '请填写完整的邮箱地址，类似 name@example.com' },
      ...consent ? {} : { consent: '寄给别人，需要你同意提供这份文件' },
    }
    return { to: typeof address === 'string' && Object.keys(errors).length === 0 ? { name, address } : null, errors }
  }

  const typedIn = (schema: TSchema, body: unknown): Typed => fits<Typed>(schema, body) ? body : {}

  return async app => {
    app.get<{ Querystring: { before?: string } }>('/documents/shares', async (request, reply) => {
      const rows = await listShares(db, request.person.person_id, { before: request.query.before, limit: PAGE_SIZE + 1 })
      return reply.page('documents/shares', sharesPage({ rows, now: clock.now(), t: request.t }))
    })

    app.get<ById & { Querystring: { before?: string } }>('/documents/:id/shares', async (request, reply) => {
      const document = await ownDocument(request, request.params.id)
      const rows = await listShares(db, request.person.person_id, { document_id: document.id, before: request.query.before, limit: PAGE_SIZE + 1 })
      return reply.page('documents/shares', sharesPage({ rows, now: clock.now(), t: request.t, document, canShare: canShare(request.person, document) }))
    })

    app.get<ById>('/documents/:id/shares/new', async (request, reply) =>
      form(request, reply, await ownDocument(request, request.params.id), { typed: { until: usualDay(clock.now()), passcode: 'on' }, errors: {} }))

    app.post<ById>('/documents/:id/shares', async (request, reply) => {
      const document = await ownDocument(request, request.params.id)
      const typed = typedIn(ShareForm, request.body)
      const [expires_at, views, purpose] = [endOfDay(typed.until ?? '', clock.now()), viewsIn(typed.views ?? ''), (typed.purpose ?? '').trim()]
      const { to, errors: named } = recipientIn(typed)
      const errors: Faults = {
        ...named, ...typeof expires_at === 'string' ? { until: expires_at } : {}, ...Number.isNaN(views) ? { views: '次数请填 1 到 100 的整数，不限就空着' } : {},
        ...[...purpose].length > 100 ? { purpose: '用途最多 100 个字' } : {},
      }
      if (typeof expires_at === 'string' || Object.keys(errors).length > 0) return form(request, reply.code(422), document, { typed, errors })
      try {
        const { share_id } = await database.write(async tx => {
          // Each time anew: whom it goes to is another one each time (个人信息保护法 23).
          if (to && typed.consent) await consents().agreeOnce(tx, request.person, NOTICE, typed.consent, document.number)
          return await shares.open(tx, request.actor, document.id, { expires_at, views, passcode: typed.passcode !== undefined, to, purpose: purpose || null })
        })
        request.session.flash = { meaning: 'done', text: request.t(to ? '已开通，链接正在寄给对方' : '已开通，把链接或二维码发给对方就行') }
        return await reply.redirect(`/documents/shares/${share_id}`, 303)
      } catch (error) {
        return await form(request, reply.code(409), document, { typed, errors: faultsOf(error) })
      }
    })

    app.get<ByShare>('/documents/shares/:share', async (request, reply) => show(request, reply, await ownShare(request, request.params.share)))

    app.post<ByShare>('/documents/shares/:share/ending', async (request, reply) => {
      const { id } = await ownShare(request, request.params.share)
      await database.write(tx => shares.end(tx, request.actor, id))
      request.session.flash = { meaning: 'done', text: request.t('已结束，打开链接的人什么也看不到了') }
      return reply.redirect(`/documents/shares/${id}`, 303)
    })

    app.post<ByShare>('/documents/shares/:share/expiry', async (request, reply) => {
      const share = await ownShare(request, request.params.share)
      const typed = typedIn(UntilForm, request.body)
      const expires_at = endOfDay(typed.until ?? '', clock.now())
      if (typeof expires_at === 'string') return show(request, reply.code(422), share, { typed, errors: { until: expires_at } })
      await database.write(tx => shares.prolong(tx, request.actor, share.id, expires_at))
      request.session.flash = { meaning: 'done', text: request.t('有效期已经改好') }
      return reply.redirect(`/documents/shares/${share.id}`, 303)
    })

    app.post<ByShare>('/documents/shares/:share/sending', async (request, reply) => {
      const share = await ownShare(request, request.params.share)
      const typed = typedIn(SendingForm, request.body)
      const { to, errors } = recipientIn({ recipient: '', ...typed, mailbox: typed.mailbox || ' ' })
      if (!to || !typed.consent) return show(request, reply.code(422), share, { typed, errors: to ? errors : { ...errors, ...Object.keys(errors).length === 0 && { mailbox: '请填写完整的邮箱地址，类似 name@example.com' } } })
      const { consent } = typed
      try {
        const { number } = await getDocument(db, share.document_id)
        await database.write(async tx => {
          await consents().agreeOnce(tx, request.person, NOTICE, consent, number)
          await shares.mailTo(tx, request.actor, share.id, to)
        })
      } catch (error) {
        const { consent: other, whole } = faultsOf(error)
        return await show(request, reply.code(409), share, { typed, errors: other ? { consent: other } : { mailbox: whole ?? '' } })
      }
      request.session.flash = { meaning: 'done', text: request.t('链接正在寄给对方，结果会显示在下面') }
      return reply.redirect(`/documents/shares/${share.id}`, 303)
    })

    app.post<{ Params: { share: string; delivery: string } }>('/documents/shares/:share/deliveries/:delivery/resending', async (request, reply) => {
      const { id } = await ownShare(request, request.params.share)
      const { delivery } = request.params
      if (!(await messages.deliveriesOf(db, id)).some(each => each.id === delivery)) throw new AppError('not-found', '没有找到这次发送')
      await database.write(tx => shares.resend(tx, request.actor, id, delivery))
      request.session.flash = { meaning: 'done', text: request.t('已重新发送，结果会显示在下面') }
      return reply.redirect(`/documents/shares/${id}`, 303)
    })
  }
}

/** What a form says of a conflict: that the text of the consent is another one, or the sentence for the whole. */
function faultsOf(error: unknown): Faults {
  if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
  return error.code === 'privacy:other-text' ? { consent: error.message } : { whole: error.message }
}
