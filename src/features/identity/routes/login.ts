import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { AskedHere, CampusAnswer } from '../campus.ts'
import type { Context } from '../deps.ts'
import { enter, tell, waitingMember } from '../enter.ts'
import { safeReturnTo } from '../rules/return-to.ts'
import { LanguageForm, type Login, LoginForm, ToQuery } from '../schema.ts'
import { accountTyped } from '../store/accounts.ts'
import { setLanguage } from '../store/people.ts'
import { type Admitted, admitAttempt, forgiveAttempts, mayEnter, recordFailure, takeBackAttempt } from '../verbs/sign-in.ts'
import { beginFirstUse } from './first-use.ts'
import { showLogin } from './show-login.ts'

/** Signing in with the campus account where the hall asks for the password itself, and the language. */
export function loginRoutes(context: Context): FastifyPluginAsync {
  const { database: { write, db }, campus, devices } = context

  async function again(request: FastifyRequest, reply: FastifyReply, form: Login, errors: Record<string, string>, status = 422): Promise<FastifyReply> {
    return await showLogin(context, request, reply.code(status), { to: safeReturnTo(form.to), account: form.account ?? '', errors })
  }

  /** Counts the try, has the password checked, and says in words why it was not let in. */
  async function prove(asked: AskedHere, request: FastifyRequest, reply: FastifyReply, form: Login): Promise<{ answer: CampusAnswer } | { refused: FastifyReply }> {
    const { t } = request
    const { account = '', password = '' } = form
    const errors = { ...(!account.trim() && { account: t('请填写学号或工号') }), ...(!password && { password: t('请填写密码') }) }
    if (Object.keys(errors).length > 0) return { refused: await again(request, reply, form, errors) }
    let admitted: Admitted | undefined
    try {
      const attempt = admitted = await write(tx => admitAttempt(tx, { subject: devices.subjectOf(request, account), number: account }))
      const answer = await asked.verify(account, password)
      if (!answer) {
        await write(tx => recordFailure(tx, { number: account, visit: context.visitOf(request) }))
        return { refused: await again(request, reply, form, { password: wrong(attempt, request) }) }
      }
      await write(tx => forgiveAttempts(tx, attempt.subject))
      return { answer }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { refused: await refuse(request, reply, form, error, admitted) }
    }
  }

  async function refuse(request: FastifyRequest, reply: FastifyReply, form: Login, error: AppError, admitted: Admitted | undefined): Promise<FastifyReply> {
    if (admitted) await write(tx => takeBackAttempt(tx, admitted))
    if (error.code === 'campus:no-number') return await tell(context, request, reply, { kind: 'numberless' })
    if (error.kind === 'upstream') return await showLogin(context, request, reply.code(503), { to: safeReturnTo(form.to), account: form.account ?? '', silent: true })
    return await again(request, reply, form, { password: request.t(error.message, error.params) }, error.code === 'identity:locked' ? 429 : 422)
  }

  /** The right password: in, or first what an initial password takes besides. */
  async function proceed(asked: AskedHere, request: FastifyRequest, reply: FastifyReply, { account, first }: CampusAnswer, form: Login): Promise<FastifyReply> {
    const number = (await accountTyped(db, account))?.number ?? account
    const to = safeReturnTo(form.to)
    const userid = form.bind === '1' ? waitingMember(context, request) : null
    if (first === 'expired' || first === 'operator') return await tell(context, request, reply, { kind: first, number })
    if (first === 'sms' && await isOpen(number)) return await beginFirstUse(context, request, reply, { number, to, userid })
    return await enter(context, request, reply, {
      number, to, userid, first: first !== null, ...(!asked.own && { campus: { handle: null, hint: null, account: form.account?.trim() ?? null } }),
    })
  }

  /** Who has left is told so by `enter`, not after an SMS. */
  async function isOpen(number: string): Promise<boolean> {
    return await mayEnter(db, number).then(() => true, () => false)
  }

  return async app => {
    app.get('/login', { schema: { querystring: ToQuery } }, async (request, reply) => {
      const to = safeReturnTo(fits<{ to?: string }>(ToQuery, request.query) ? request.query.to : '/')
      if (request.visitor && !waitingMember(context, request)) return reply.redirect(to, 303)
      return await showLogin(context, request, reply, { to })
    })

    app.post('/login', { config: { rateLimit: { max: 300, timeWindow: 60_000, keyGenerator: request => `login-${request.ip}` } } }, async (request, reply) => {
      const form = fits<Login>(LoginForm, request.body) ? request.body : {}
      if (campus.way === 'redirect') return reply.redirect(`/login?to=${encodeURIComponent(safeReturnTo(form.to))}`, 303)
      const proven = await prove(campus, request, reply, form)
      return 'refused' in proven ? proven.refused : await proceed(campus, request, reply, proven.answer, form)
    })

    // Changes nothing that matters, so that a page with a switch need not begin a session.
    app.post('/language', { config: { withoutToken: true } }, async (request, reply) => {
      if (!fits<{ to: 'zh' | 'en'; back?: string }>(LanguageForm, request.body)) throw new AppError('invalid', '没有这种语言')
      const { to, back } = request.body
      if (request.visitor) await setLanguage(db, request.visitor.person_id, to)
      reply.setCookie('language', to, { path: '/', maxAge: 365 * 86_400, sameSite: 'lax', httpOnly: true, secure: context.publicUrl.startsWith('https:') })
      return reply.redirect(localPage(back), 303)
    })
  }
}

/** Where the language was switched; the sign-in page counts here. */
function localPage(back: string | undefined): string {
  return back === '/login' || back?.startsWith('/login?') ? `/login?to=${encodeURIComponent(safeReturnTo(new URL(back, 'http://hall.invalid').searchParams.get('to')))}` : safeReturnTo(back)
}

function wrong({ left, locked_minutes }: Admitted, { t }: FastifyRequest): string {
  if (locked_minutes > 0) return t('学工号或密码不对。错误次数太多，已锁定 {minutes} 分钟。企业微信和登录过的设备不受影响', { minutes: locked_minutes })
  return left <= 2 ? t('学工号或密码不对。再错 {left} 次会锁定 5 分钟', { left }) : t('学工号或密码不对')
}
