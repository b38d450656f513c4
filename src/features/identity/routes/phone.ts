import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { WECOM_PHONE } from '../compose-members.ts'
import type { Context } from '../deps.ts'
import { wrongCodeWords } from '../pages/codes.ts'
import { type Asks, phoneCodePage, phonePage } from '../pages/phone.ts'
import { CodeForm, PhoneForm } from '../schema.ts'
import { sessionKey } from '../sessions.ts'
import { wecomUseridOf } from '../store/bindings.ts'
import { phoneRow } from '../store/phones.ts'
import { setPhone } from '../verbs/phone.ts'

declare module 'fastify' {
  interface Session {
    /** since when the person may have codes sent to a new phone: the password was right */
    phone_asked?: { number: string; at: number }
  }
}

const ASKED_FOR = 15 * 60_000
const PATH = '/account/phone'

type Errors = Record<string, string>

/** 设置手机: the sign-in password, a new number, a code by SMS to it. */
export function phoneRoutes({ database: { db, write }, vault, codes, confirm, clock, contacts, consents, phonesAbroad }: Context): FastifyPluginAsync {
  const where = (request: FastifyRequest) => ({ purpose: 'phone' as const, session: sessionKey(request.session.sessionId) })

  function asksOf(request: FastifyRequest): Asks {
    if (confirm.way === 'password') return { kind: 'password' }
    return confirm.isConfirmed(request) ? { kind: 'confirmed' } : { kind: 'school', address: confirm.address(PATH) }
  }

  function mayAsk({ session, person }: FastifyRequest): boolean {
    const { phone_asked } = session
    return phone_asked?.number === person.number && clock.now() - phone_asked.at < ASKED_FOR
  }

  /** Whoever is in WeCom may have the new number told there; the phone is set here without it too. */
  const asksConsent = async ({ person }: FastifyRequest): Promise<boolean> =>
    contacts.writesContacts && await wecomUseridOf(db, person.person_id) !== null && !await consents().agreed(db, person.person_id, WECOM_PHONE)

  async function showForm(request: FastifyRequest, reply: FastifyReply, typed = '', errors: Errors = {}): Promise<FastifyReply> {
    const row = await phoneRow(db, request.person.person_id)
    const now = row?.phone_sealed ? { phone: vault.open('phone', row.phone_sealed), proven: row.phone_proven_at !== null } : null
    return await reply.page('identity/phone', phonePage({ t: request.t, asks: asksOf(request), now, typed, abroad: phonesAbroad, errors, notice: await asksConsent(request) ? consents().noticeFor(WECOM_PHONE, request.language) : null }))
  }

  async function showCode(request: FastifyRequest, reply: FastifyReply, errors: Errors = {}): Promise<FastifyReply> {
    const view = await codes.stateOf(db, where(request))
    return view && mayAsk(request) ? await reply.page('identity/phone-code', phoneCodePage({ t: request.t, view, errors })) : reply.redirect(PATH, 303)
  }

  /** Why it may not be the person at the keys, in words; null where it is. */
  async function doubts(request: FastifyRequest, password: string | undefined): Promise<{ sentence: string; status: number } | null> {
    try {
      return await confirm.confirms(request, password) ? null : { sentence: request.t(confirm.way === 'password' ? '登录密码不对' : '请先在统一身份认证再登录一次'), status: 422 }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'identity:locked') throw error
      return { sentence: request.t(error.message, error.params), status: 429 }
    }
  }

  /** Has a code sent; the sentence where it may not be. */
  async function send(request: FastifyRequest, phone: string, consent?: string): Promise<string | null> {
    try {
      await write(async tx => {
        if (consent) await consents().agree(tx, request.person, WECOM_PHONE, consent)
        await codes.askCode(tx, { ...where(request), phone, address: request.ip })
      })
      return null
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'upstream') throw error
      return request.t(error.message, error.params)
    }
  }

  return async app => {
    app.get(PATH, async (request, reply) => await showForm(request, reply))

    app.post(PATH, async (request, reply) => {
      const { phone = '', password, consent } = fits<{ phone?: string; password?: string; consent?: string }>(PhoneForm, request.body) ? request.body : {}
      if (phone.trim() === '') return await showForm(request, reply.code(422), phone, { phone: request.t('请填写手机号码') })
      const doubt = await doubts(request, password)
      if (doubt) return await showForm(request, reply.code(doubt.status), phone, { password: doubt.sentence })
      const refused = await send(request, phone, await asksConsent(request) ? consent : undefined)
      if (refused !== null) return await showForm(request, reply.code(422), phone, { phone: refused })
      request.session.phone_asked = { number: request.person.number, at: clock.now() }
      return reply.redirect(`${PATH}/code`, 303)
    })

    app.get(`${PATH}/code`, async (request, reply) => await showCode(request, reply))

    app.post(`${PATH}/code/again`, async (request, reply) => {
      const view = await codes.stateOf(db, where(request))
      if (!view || !mayAsk(request)) return reply.redirect(PATH, 303)
      const refused = await send(request, view.phone)
      return refused === null ? reply.redirect(`${PATH}/code`, 303) : await showCode(request, reply.code(429), { code: refused })
    })

    app.post(`${PATH}/code`, async (request, reply) => {
      const { code = '' } = fits<{ code?: string }>(CodeForm, request.body) ? request.body : {}
      const view = await codes.stateOf(db, where(request))
      if (!view || !mayAsk(request)) return reply.redirect(PATH, 303)
      const { right, left } = await write(async tx => {
        const checked = await codes.checkCode(tx, { ...where(request), phone: view.phone, code })
        if (checked.right) await setPhone(tx, vault, request.actor, { person_id: request.person.person_id, phone: view.phone, proven: true })
        return checked
      })
      if (!right) return await showCode(request, reply.code(422), { code: wrongCodeWords(request.t, left) })
      delete request.session.phone_asked
      request.session.flash = { meaning: 'done', text: request.t('手机已设置为 {phone}', { phone: view.masked }) }
      return reply.redirect('/account', 303)
    })
  }
}
