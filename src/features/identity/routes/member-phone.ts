import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { beginSession } from '../begin-session.ts'
import type { Context } from '../deps.ts'
import { tell, waitingMember } from '../enter.ts'
import { wrongCodeWords } from '../pages/codes.ts'
import { memberCodePage, memberOutcomePage, memberPhonePage } from '../pages/member-phone.ts'
import { isWecom } from '../rules/browser.ts'
import type { MemberOutcome } from '../rules/joining.ts'
import { CodeForm, PhoneForm } from '../schema.ts'
import { sessionKey } from '../sessions.ts'
import { currentBinding } from '../store/bindings.ts'
import type { CodeView } from '../verbs/codes.ts'
import { proveMember } from '../verbs/member-phone.ts'

declare module 'fastify' {
  interface Session {
    /** how 关注身份验证 ended in this browser */
    member_outcome?: MemberOutcome
  }
}

/** An entry of the app's menu leads here (wecom-config/menu.json). */
export const MEMBER_PHONE = '/join/member'

const PATH = MEMBER_PHONE

type Errors = Record<string, string>

/**
 * 关注身份验证: a member of WeCom whom nobody is bound to proves the phone that they registered with. A code goes to any phone that is
 * typed, and nobody is looked for before it comes back, so that neither words nor time tell whose phones are known.
 */
export function memberPhoneRoutes(context: Context): FastifyPluginAsync {
  const { database: { db, write }, vault, codes, clock, phonesAbroad, phoneMaintenanceUrl } = context
  const where = (request: FastifyRequest) => ({ purpose: 'bind' as const, session: sessionKey(request.session.sessionId) })

  const showForm = async (request: FastifyRequest, reply: FastifyReply, userid: string, typed = '', errors: Errors = {}): Promise<FastifyReply> =>
    await reply.page('identity/member-phone', memberPhonePage({ t: request.t, userid, typed, abroad: phonesAbroad, errors }))

  const showCode = async (request: FastifyRequest, reply: FastifyReply, view: CodeView, errors: Errors = {}): Promise<FastifyReply> =>
    await reply.page('identity/phone-code', memberCodePage(request.t, PATH, view, errors))

  const showOutcome = async (request: FastifyRequest, reply: FastifyReply, outcome: MemberOutcome): Promise<FastifyReply> =>
    await reply.page('identity/outcome', memberOutcomePage(request.t, outcome, { help: request.server.hasRoute({ method: 'GET', url: '/help' }), maintenance: phoneMaintenanceUrl }))

  /** The member who waits here and the code that was asked for; null where the way begins anew. */
  async function pending(request: FastifyRequest): Promise<{ userid: string; view: CodeView } | null> {
    const userid = waitingMember(context, request)
    const view = userid === null ? null : await codes.stateOf(db, where(request))
    return userid !== null && view ? { userid, view } : null
  }

  /** Has a code sent; the sentence where it may not be. */
  async function send(request: FastifyRequest, phone: string): Promise<string | null> {
    try {
      await write(tx => codes.askCode(tx, { ...where(request), phone, address: request.ip }))
      return null
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'upstream') throw error
      return request.t(error.message, error.params)
    }
  }

  async function prove(request: FastifyRequest, reply: FastifyReply, { userid, view }: { userid: string; view: CodeView }, code: string): Promise<FastifyReply> {
    const visit = context.visitOf(request)
    const { right, left, proved } = await write(async tx => {
      const checked = await codes.checkCode(tx, { ...where(request), phone: view.phone, code })
      return { ...checked, proved: checked.right ? await proveMember(tx, vault, { userid, phone: view.phone, visit }) : null }
    })
    if (!right || !proved) return await showCode(request, reply.code(422), view, { code: wrongCodeWords(request.t, left) })
    if (proved.session) await beginSession(request, proved.session, visit, clock.now(), false)
    request.session.member_outcome = proved.outcome
    return reply.redirect(`${PATH}/outcome`, 303)
  }

  /** Where the phone is proved and member and number are not to be bound all the same, a page says why. */
  async function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): Promise<FastifyReply> {
    if (!(error instanceof AppError) || (error.kind !== 'conflict' && error.code !== 'identity:closed')) throw error
    return await tell(context, request, reply, { kind: error.kind === 'conflict' ? 'taken' : 'closed', error })
  }

  return async app => {
    app.get(PATH, async (request, reply) => {
      const { visitor, session: { signed_in } } = request
      if (visitor && signed_in?.way !== 'campus') return await showOutcome(request, reply, 'done')
      const inside = isWecom(request.headers['user-agent'] ?? '')
      if (visitor && !inside) return reply.redirect('/join/phone', 303)
      const userid = visitor ? null : waitingMember(context, request)
      // Who signed in with the campus account in this same browser is asked for here by the member; who was bound meanwhile is let straight in.
      if (userid === null || await currentBinding(db, { userid })) return reply.redirect(`${inside ? '/auth/wecom' : '/login'}?to=${encodeURIComponent(PATH)}`, 303)
      return await showForm(request, reply, userid)
    })

    app.post(PATH, async (request, reply) => {
      const userid = waitingMember(context, request)
      if (userid === null) return reply.redirect(PATH, 303)
      const { phone = '' } = fits<{ phone?: string }>(PhoneForm, request.body) ? request.body : {}
      if (phone.trim() === '') return await showForm(request, reply.code(422), userid, phone, { phone: request.t('请填写手机号码') })
      const refused = await send(request, phone)
      if (refused !== null) return await showForm(request, reply.code(422), userid, phone, { phone: refused })
      // From here on it is the code that expires.
      request.session.unbound = { userid, at: clock.now() }
      return reply.redirect(`${PATH}/code`, 303)
    })

    app.get(`${PATH}/code`, async (request, reply) => {
      const waiting = await pending(request)
      return waiting ? await showCode(request, reply, waiting.view) : reply.redirect(PATH, 303)
    })

    app.post(`${PATH}/code/again`, async (request, reply) => {
      const waiting = await pending(request)
      if (!waiting) return reply.redirect(PATH, 303)
      const refused = await send(request, waiting.view.phone)
      return refused === null ? reply.redirect(`${PATH}/code`, 303) : await showCode(request, reply.code(429), waiting.view, { code: refused })
    })

    app.post(`${PATH}/code`, async (request, reply) => {
      const waiting = await pending(request)
      if (!waiting) return reply.redirect(PATH, 303)
      const { code = '' } = fits<{ code?: string }>(CodeForm, request.body) ? request.body : {}
      return await prove(request, reply, waiting, code).catch((error: unknown) => refuse(request, reply, error))
    })

    app.get(`${PATH}/outcome`, async (request, reply) => {
      const { member_outcome: outcome } = request.session
      return outcome === undefined ? reply.redirect(PATH, 303) : await showOutcome(request, reply, outcome)
    })
  }
}
