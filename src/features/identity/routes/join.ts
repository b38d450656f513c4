import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { WECOM_PHONE } from '../compose-members.ts'
import type { Context } from '../deps.ts'
import { wrongCodeWords } from '../pages/codes.ts'
import { followPage, identityPage, phonePage, verifyPage } from '../pages/join.ts'
import { joinState } from '../rules/joining.ts'
import { readPhone } from '../rules/phone.ts'
import { CodeForm, PhoneForm } from '../schema.ts'
import { sessionKey } from '../sessions.ts'
import { beginJoining, joiningOf, proveJoining } from '../verbs/joining.ts'
import { signOut } from '../verbs/sign-in.ts'

const PHONE = '/join/phone'
const FOLLOW = '/join/follow'
const VERIFY = '/join/verify'
/** For so long after signing in, the person at the keys is taken to be who signed in. */
const FRESH = 20 * 60_000

type Errors = Record<string, string>

/** 用户注册: choose an identity, sign in with the campus account, phone, follow the school in WeCom. */
export function joinPublicRoutes({ database: { write } }: Context): FastifyPluginAsync {
  return async app => {
    app.get('/join', async (request, reply) => await reply.page('identity/join', identityPage(request.t)))

    // Whoever was signed in here before is not who registers now: nobody has to clear a cache.
    app.post('/join', async (request, reply) => {
      const { visitor } = request
      if (visitor) {
        await write(tx => signOut(tx, visitor))
        await request.session.destroy()
      }
      return reply.redirect(`/login?to=${encodeURIComponent(PHONE)}`, 303)
    })
  }
}

/** From the phone number to 完成. */
export function joinRoutes({ database: { db, write }, vault, codes, clock, contacts, consents, phonesAbroad, phoneMaintenanceUrl }: Context): FastifyPluginAsync {
  const where = (request: FastifyRequest) => ({ purpose: 'join' as const, session: sessionKey(request.session.sessionId) })
  const isFresh = ({ session }: FastifyRequest): boolean => clock.now() - (session.signed_in?.at ?? 0) < FRESH

  /** The next step gives the phone to WeCom: asked here, where it happens, unless the person has agreed to this text before. */
  const asksConsent = async ({ person }: FastifyRequest): Promise<boolean> => contacts.writesContacts && !await consents().agreed(db, person.person_id, WECOM_PHONE)

  async function showPhone(request: FastifyRequest, reply: FastifyReply, typed = '', errors: Errors = {}): Promise<FastifyReply> {
    const [joining, asks] = [await joiningOf(db, vault, request.person), await asksConsent(request)]
    return await reply.page('identity/join-phone', phonePage(request.t, { joining, state: joinState(joining), person: request.person, typed, errors, elsewhere: phoneMaintenanceUrl, notice: asks ? consents().noticeFor(WECOM_PHONE, request.language) : null }))
  }

  async function showVerify(request: FastifyRequest, reply: FastifyReply, errors: Errors = {}): Promise<FastifyReply> {
    const [{ phone }, view] = [await joiningOf(db, vault, request.person), await codes.stateOf(db, where(request))]
    if (phone === null) return reply.redirect(PHONE, 303)
    return await reply.page('identity/join-verify', verifyPage(request.t, { phone: phone.phone, view, errors }))
  }

  return async app => {
    app.get(PHONE, async (request, reply) => isFresh(request) ? await showPhone(request, reply) : reply.redirect('/join', 303))

    app.post(PHONE, async (request, reply) => {
      if (!isFresh(request)) return reply.redirect('/join', 303)
      const { phone: typed = '', consent } = fits<{ phone?: string; consent?: string }>(PhoneForm, request.body) ? request.body : {}
      const { phone: kept } = await joiningOf(db, vault, request.person)
      const phone = typed.trim() === '' ? kept?.phone ?? null : readPhone(typed, { abroad: phonesAbroad })
      if (phone === null) return await showPhone(request, reply.code(422), typed, { phone: request.t(typed.trim() === '' ? '请填写手机号码' : '手机号要 11 位，以 13 到 19 开头') })
      const asks = await asksConsent(request)
      if (asks && !consent) return await showPhone(request, reply.code(422), typed, { consent: request.t('要加入企业微信，需要同意提供手机号。不同意也可以在电脑上用校园账号办事') })
      try {
        await write(async tx => {
          if (asks && consent) await consents().agree(tx, request.person, WECOM_PHONE, consent)
          await beginJoining(tx, vault, request.actor, { ...request.person, phone })
        })
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
        if (error.code === 'privacy:other-text') return await showPhone(request, reply.code(409), typed, { consent: request.t(error.message) })
        return await showPhone(request, reply.code(409), typed, { phone: request.t(error.message, error.params) })
      }
      return reply.redirect(FOLLOW, 303)
    })

    app.get(FOLLOW, async (request, reply) => {
      const joining = await joiningOf(db, vault, request.person)
      const until = contacts.writesContacts && joining.member.status === 'pushed' ? await contacts.joinCodeUntil().catch(unlessSilent) : null
      return await reply.page('identity/join-follow', followPage(request.t, { joining, until, writes: contacts.writesContacts, language: request.language }))
    })

    app.get('/join/code.png', async (_request, reply) => {
      const { picture, type } = await contacts.joinCode()
      return reply.type(type).send(picture)
    })

    app.get(VERIFY, async (request, reply) => await showVerify(request, reply))

    app.post('/join/verify/code', async (request, reply) => {
      const { phone } = await joiningOf(db, vault, request.person)
      if (phone === null || !isFresh(request)) return reply.redirect('/join', 303)
      try {
        await write(tx => codes.askCode(tx, { ...where(request), phone: phone.phone, address: request.ip }))
        return reply.redirect(VERIFY, 303)
      } catch (error) {
        if (!(error instanceof AppError) || error.kind === 'upstream') throw error
        return await showVerify(request, reply.code(429), { code: request.t(error.message, error.params) })
      }
    })

    app.post(VERIFY, async (request, reply) => {
      const { code = '' } = fits<{ code?: string }>(CodeForm, request.body) ? request.body : {}
      const { phone } = await joiningOf(db, vault, request.person)
      if (phone === null || !isFresh(request)) return reply.redirect('/join', 303)
      const { right, left } = await write(async tx => {
        const checked = await codes.checkCode(tx, { ...where(request), phone: phone.phone, code })
        if (checked.right) await proveJoining(tx, vault, request.actor, { ...request.person, phone: phone.phone })
        return checked
      })
      return right ? reply.redirect(FOLLOW, 303) : await showVerify(request, reply.code(422), { code: wrongCodeWords(request.t, left) })
    })
  }
}

function unlessSilent(error: unknown): null {
  if (error instanceof AppError && error.kind !== 'invalid') return null
  throw error
}
