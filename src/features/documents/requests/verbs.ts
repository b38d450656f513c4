import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import { move } from '../../../platform/machine.ts'
import { textIn } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { Consents, Payments } from '../index.ts'
import type { Template } from '../templates.ts'
import type { Verbs } from '../verbs.ts'
import { canHold, familyWordOf, priceOf, requestMachine, yearBegan } from './rules.ts'
import { type StopDeps, stopOf } from './stops.ts'
import { findOfDocument, findOpen, findRequest, freeSince, getRequest, insertRequest } from './store.ts'
import type { RequestRow, ShareWish } from './tables.ts'

/** Where a paper goes beside the phone. `recipient`: whose mailbox it is or who gets the link, where that is somebody else. */
export type Delivery = { mail_to: string | null; recipient: string | null; share: ShareWish | null; /** hash of the notice that was agreed to */ consent: string | null }

/** Opens a link to a document once it is there. */
export type OpenShare = (tx: Tx, actor: Actor, document_id: string, wish: ShareWish, recipient: string | null) => Promise<unknown>

export type RequestDeps = StopDeps & {
  templates: ReadonlyMap<string, Template>
  documents: Pick<Verbs, 'reserveFor'>
  consents: Consents
  payments: Payments
  /** null where links are not offered */
  openShare: OpenShare | null
}

export type RequestVerbs = ReturnType<typeof requestVerbs>

/** The notice that is agreed to before a document goes to somebody else. */
export const THIRD_PARTY = 'third-party'

const t = textIn('zh')

/** From choosing a kind to the sealed file. Each takes the open transaction first. */
export function requestVerbs(deps: RequestDeps) {
  const { templates, identity, documents, consents, payments, openShare } = deps

  function templateOf(kind: string): Template {
    const template = templates.get(kind)
    if (!template || !familyWordOf(template)) throw new AppError('not-found', '没有这种文件')
    return template
  }

  /** The open request of this kind for the number, or a new one. Throws `conflict` where something stops it. */
  async function choose(tx: Tx, person: Pick<SignedIn, 'person_id'>, { kind, number }: { kind: string; number: string }): Promise<string> {
    const template = templateOf(kind)
    if (!(await identity.numbersOf(tx, person.person_id)).some(each => each.number === number && canHold(each))) throw new AppError('not-found', '这不是你的学号')
    const known = await findOpen(tx, number, kind)
    if (known) return known.id
    const owner = { person_id: person.person_id, person_number: number }
    await mustBeFree(tx, template, owner)
    return insertRequest(tx, { ...owner, kind })
  }

  async function mustBeFree(tx: Tx, template: Template, owner: { person_id: string; person_number: string }): Promise<void> {
    const stop = await stopOf(tx, deps, template, owner, tx.bus.clock.now(), t)
    if (stop) throw new AppError('conflict', stop.text, { code: 'stopped' })
  }

  /** The preview is right and it is said where the paper goes: it is issued, or waits to be paid. */
  async function confirm(tx: Tx, person: Pick<SignedIn, 'person_id' | 'number'>, id: string, delivery: Delivery): Promise<void> {
    const request = await getRequest(tx, id)
    const template = templateOf(request.kind)
    const now = tx.bus.clock.now()
    await mustBeFree(tx, template, request)
    const { mail_to, recipient, share, consent } = delivery
    // Each time anew: whom it goes to is another one each time (个人信息保护法 23).
    if (recipient !== null) await consents().agreeOnce(tx, person, THIRD_PARTY, consent ?? '', `${template.title}（${recipient}）`)
    const price = priceOf(template, (await freeSince(tx, request.person_number, yearBegan(now))).get(request.kind) ?? 0)
    const set = { mail_to, recipient, share: share && JSON.stringify(share), price, confirmed_at: now }
    if (price === 0) return issue(tx, person, { ...request, mail_to }, set)
    const order_id = await payments.open(tx, { subject: id, person_id: request.person_id, title: template.title, amount: price, back: `/documents/requests/${id}` })
    await move(tx, requestMachine, request, 'order', { actor: person, set: { ...set, order_id } })
  }

  async function issue(tx: Tx, actor: Actor | null, request: RequestRow, set: Record<string, string | number | null> = {}): Promise<void> {
    const { id, kind, person_id, person_number, mail_to } = request
    const document_id = await documents.reserveFor(tx, actor, { kind, person_id, person_number, mail_to })
    await move(tx, requestMachine, { id }, 'issue', { actor, set: { ...set, document_id } })
  }

  async function refund(tx: Tx, { order_id }: RequestRow, reason: string): Promise<void> {
    if (order_id) await payments.refund(tx, order_id, reason)
  }

  return {
    choose, confirm,

    /** An order was paid, for a request where `subject` is one's id. What stops it by now gives the money back. */
    async paid(tx: Tx, subject: string): Promise<void> {
      const request = await findRequest(tx, subject)
      if (request?.status !== 'awaiting-payment') return
      const stop = await stopOf(tx, deps, templateOf(request.kind), request, tx.bus.clock.now(), t)
      if (!stop) return issue(tx, { person_id: request.person_id, number: request.person_number }, request)
      await move(tx, requestMachine, request, 'giveUp', { actor: null, set: ended(tx) })
      await refund(tx, request, stop.text.slice(0, 80))
    },

    /** Nobody paid in time. */
    async unpaid(tx: Tx, subject: string): Promise<void> {
      const request = await findRequest(tx, subject)
      if (request?.status === 'awaiting-payment') await move(tx, requestMachine, request, 'cancel', { actor: null, set: ended(tx) })
    },

    /** The file is sealed; a link to it is opened where one was asked for. */
    async issued(tx: Tx, document_id: string): Promise<void> {
      const request = await findOfDocument(tx, document_id)
      if (!request || request.status === 'done') return
      await move(tx, requestMachine, request, 'finish', { actor: null, set: ended(tx) })
      if (request.share && openShare) await openShare(tx, { person_id: request.person_id, number: request.person_number }, document_id, request.share, request.recipient)
    },

    /** The file cannot be made: what was paid goes back. */
    async impossible(tx: Tx, document_id: string): Promise<void> {
      const request = await findOfDocument(tx, document_id)
      if (request?.status !== 'issuing') return
      await move(tx, requestMachine, request, 'giveUp', { actor: null, set: ended(tx) })
      await refund(tx, request, '文件没有生成')
    },

    /** Its owner thinks otherwise, before anything is issued or ordered. */
    async cancel(tx: Tx, actor: Actor, id: string): Promise<void> {
      const request = await getRequest(tx, id)
      if (request.status !== 'chosen') throw new AppError('conflict', requestMachine.sentences?.[request.status] ?? '')
      await move(tx, requestMachine, request, 'cancel', { actor, set: ended(tx) })
    },

    /** Nobody came back to it. */
    async lapse(tx: Tx, id: string): Promise<void> {
      const request = await getRequest(tx, id)
      if (request.status === 'chosen') await move(tx, requestMachine, request, 'cancel', { actor: null, set: ended(tx) })
    },
  }
}

function ended(tx: Tx) {
  return { open_key: null, ended_at: tx.bus.clock.now() }
}
