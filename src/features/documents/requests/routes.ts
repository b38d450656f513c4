import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Browser } from '../../../integrations/browser/index.ts'
import type { Sources } from '../../../integrations/sources/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { T } from '../../../platform/text.ts'
import { contentOf } from '../content.ts'
import { openCorrections } from '../corrections/store.ts'
import type { Hindrance } from '../hindrances.ts'
import type { Consents, Identity } from '../index.ts'
import type { Template } from '../templates.ts'
import { readDelivery, type TypedDelivery } from './delivery.ts'
import { choosePage, deliveryPage, previewPage } from './pages.ts'
import { previewPicture, unprintableIn } from './preview.ts'
import { canHold, FAMILIES, familyWordOf, type FamilyWord, inOrder, isFamilyWord, isOwn, placeOf, priceOf, yearBegan } from './rules.ts'
import { Choosing, DeliveryForm } from './schema.ts'
import { type Stop, stopOf } from './stops.ts'
import { findOpen, freeSince, getRequest } from './store.ts'
import type { RequestRow } from './tables.ts'
import { type RequestDeps, type RequestVerbs, THIRD_PARTY } from './verbs.ts'

type Deps = RequestDeps & {
  database: Database; clock: Clock; browser: Browser; sources: Sources; consents: Consents
  identity: Pick<Identity, 'factsOf' | 'numbersOf' | 'personById'>
  requests: RequestVerbs
  school: { name: string; nameEn: string }; specimen: boolean
  hindrances(): Promise<Hindrance[]>
}
type ById = { Params: { id: string } }
type Typed = { kind?: string; number?: string; errors?: Record<string, string> }

/** 电子成绩单 and 电子证明: choosing, the preview, where it goes. */
export function requestRoutes(deps: Deps): FastifyPluginAsync {
  const { database: { db, write }, clock, templates, identity, requests } = deps
  const email = deps.sources.cells.email()

  async function choose(request: FastifyRequest, reply: FastifyReply, word: FamilyWord, typed: Typed = {}) {
    const { person, t } = request
    const now = clock.now()
    const numbers = (await identity.numbersOf(db, person.person_id)).filter(canHold)
    const number = numbers.find(each => each.number === typed.number) ?? numbers.find(each => each.number === person.number) ?? numbers[0]
    const kinds = inOrder([...templates.values()].filter(template => template.family === FAMILIES[word].family))
    const used = number ? await freeSince(db, number.number, yearBegan(now)) : new Map<string, number>()
    const cards = []
    for (const template of number ? kinds : []) {
      const owner = { person_id: person.person_id, person_number: number?.number ?? '' }
      cards.push({ template, open: await findOpen(db, owner.person_number, template.kind), stop: await stopOf(db, deps, template, owner, now, t) ?? unpayable(template, used.get(template.kind) ?? 0, t), used: used.get(template.kind) ?? 0 })
    }
    return reply.page('documents/choose', choosePage(t, { word, numbers, number: number?.number, cards, kind: typed.kind, errors: typed.errors ?? {}, hindered: (await deps.hindrances()).length > 0 }))
  }

  function unpayable(template: Template, used: number, t: T): Stop | null {
    return priceOf(template, used) === 0 || deps.payments.on ? null : { text: t('学校还没有开通在线支付，暂时不能办理收费的文件') }
  }

  /** As if it did not exist, for everybody else. */
  async function own(request: FastifyRequest<ById>): Promise<{ row: RequestRow; template: Template }> {
    const row = await getRequest(db, request.params.id)
    const template = templates.get(row.kind)
    if (!template || !isOwn(request.person, row)) throw new AppError('not-found', '没有找到这次申请。可能是链接不完整')
    return { row, template }
  }

  async function showDelivery(request: FastifyRequest<ById>, reply: FastifyReply, typed: TypedDelivery = {}, errors: Record<string, string> = {}) {
    const { row, template } = await own(request)
    if (row.status !== 'chosen') return reply.redirect(placeOf(row), 303)
    const [known, used] = [await identity.personById(db, row.person_id), await freeSince(db, row.person_number, yearBegan(clock.now()))]
    return reply.page('documents/delivery', deliveryPage(request.t, {
      row, template, typed: { mailbox: known?.email ?? '', ...typed }, errors, shares: deps.openShare !== null,
      price: priceOf(template, used.get(row.kind) ?? 0), notice: deps.consents().noticeFor(THIRD_PARTY, request.language),
    }))
  }

  return async app => {
    for (const word of ['transcripts', 'certificates'] as const) {
      app.get<{ Querystring: { number?: string; kind?: string } }>(`/documents/new/${word}`, async (request, reply) => {
        const { number, kind } = request.query
        return choose(request, reply, word, { ...(typeof number === 'string' && { number }), ...(typeof kind === 'string' && { kind }) })
      })
    }

    app.post('/documents/requests', async (request, reply) => {
      const { kind = '', number = '', family = '' } = fits<Static<typeof Choosing>>(Choosing, request.body) ? request.body : {}
      const template = templates.get(kind)
      const word = (template && familyWordOf(template)) ?? (isFamilyWord(family) ? family : 'transcripts')
      if (!template || !familyWordOf(template)) return choose(request, reply.code(422), word, { number, errors: { kind: request.t('请选择要哪一种') } })
      try {
        return reply.redirect(`/documents/requests/${await write(tx => requests.choose(tx, request.person, { kind, number }))}`, 303)
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
        const open = await findOpen(db, number, kind)
        if (open && isOwn(request.person, open)) return reply.redirect(`/documents/requests/${open.id}`, 303)
        return choose(request, reply.code(409), word, { number, kind })
      }
    })

    app.get<ById>('/documents/requests/:id', async (request, reply) => {
      const { row, template } = await own(request)
      if (row.status !== 'chosen') return reply.redirect(placeOf(row), 303)
      const { t } = request
      const used = await freeSince(db, row.person_number, yearBegan(clock.now()))
      const stop = await stopOf(db, deps, template, row, clock.now(), t) ?? unpayable(template, used.get(row.kind) ?? 0, t)
      const facts = stop ? {} : await contentOf(db, deps, template, row)
      const boxes = stop ? [] : await unprintableIn(deps, template, facts)
      const reports = await openCorrections(db, row.person_number)
      return reply.page('documents/preview', previewPage(t, { row, template, stop, boxes, reports, name: facts['name'] ?? '', drawing: await deps.browser.available() }))
    })

    app.get<ById>('/documents/requests/:id/preview.jpg', async (request, reply) => {
      const { row, template } = await own(request)
      if (row.status !== 'chosen') throw new AppError('conflict', '这份文件已经确认，没有预览图了')
      return reply.type('image/jpeg').header('cache-control', 'no-store').send(await previewPicture(deps, template, await contentOf(db, deps, template, row)))
    })

    app.get<ById>('/documents/requests/:id/delivery', async (request, reply) => showDelivery(request, reply))

    app.post<ById>('/documents/requests/:id/delivery', async (request, reply) => {
      const { row, template } = await own(request)
      if (row.status !== 'chosen') return reply.redirect(placeOf(row), 303)
      const { t } = request
      const typed = fits<TypedDelivery>(DeliveryForm, request.body) ? request.body : {}
      const wanted = readDelivery(typed, { shares: deps.openShare !== null, email })
      if ('faults' in wanted) return showDelivery(request, reply.code(422), typed, Object.fromEntries(Object.entries(wanted.faults).map(([field, sentence]) => [field, t(sentence)])))
      // Said in the reader's language before the transaction says it again.
      if (await stopOf(db, deps, template, row, clock.now(), t)) return reply.redirect(`/documents/requests/${row.id}`, 303)
      try {
        await write(tx => requests.confirm(tx, request.person, row.id, wanted))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
        if (error.code === 'privacy:other-text') return showDelivery(request, reply.code(409), { ...typed, consent: '' }, { consent: t(error.message) })
        if (!error.code?.startsWith('status:')) throw error // else the other tab was first: its outcome is shown
      }
      return reply.redirect(placeOf(await getRequest(db, row.id)), 303)
    })

    app.post<ById>('/documents/requests/:id/cancellation', async (request, reply) => {
      const { row, template } = await own(request)
      await write(tx => requests.cancel(tx, request.actor, row.id))
      request.session.flash = { meaning: 'info', text: request.t('已取消，没有生成任何文件') }
      return reply.redirect(`/documents/new/${familyWordOf(template)}`, 303)
    })
  }
}
