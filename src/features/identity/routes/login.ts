import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { beginSession } from '../begin-session.ts'
import type { Context } from '../deps.ts'
import { loginPage } from '../pages/login.ts'
import { safeReturnTo } from '../rules/return-to.ts'
import { LanguageForm, type Login, LoginForm, ToQuery } from '../schema.ts'
import { typedNumber } from '../store/accounts.ts'
import { setLanguage } from '../store/people.ts'
import { bind } from '../verbs/binding.ts'
import { admitAttempt, signIn, signOut } from '../verbs/sign-in.ts'

const UNBOUND_FOR = 10 * 60_000

/** Signing in with the campus account, signing out, and the language. */
export function loginRoutes(context: Context): FastifyPluginAsync {
  const { database: { write, db }, campus, clock } = context

  function waiting(request: FastifyRequest): string | null {
    const { unbound } = request.session
    return unbound && clock.now() - unbound.at < UNBOUND_FOR ? unbound.userid : null
  }

  async function again(request: FastifyRequest, reply: FastifyReply, form: Login, errors: Record<string, string>, status = 422): Promise<FastifyReply> {
    const model = loginPage({ t: request.t, to: safeReturnTo(form.to), account: form.account ?? '', errors, userid: waiting(request) })
    return await reply.code(status).page('identity/login', model)
  }

  /** Counts the try, checks the password, and says in words why it was not let in. */
  async function prove(request: FastifyRequest, reply: FastifyReply, form: Login) {
    const { t } = request
    const errors = { ...(!form.account?.trim() && { account: t('请填写学号或工号') }), ...(!form.password && { password: t('请填写密码') }) }
    if (Object.keys(errors).length > 0) return { refused: await again(request, reply, form, errors) }
    try {
      const admitted = await write(tx => admitAttempt(tx, typedNumber(form.account ?? '')))
      const answer = await campus.verify(form.account ?? '', form.password ?? '')
      if (answer) return { answer }
      return { refused: await again(request, reply, form, { password: wrong(admitted, request) }) }
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'upstream') throw error
      return { refused: await again(request, reply, form, { password: t(error.message, error.params) }, error.code === 'identity:locked' ? 429 : 422) }
    }
  }

  async function bindWaiting(request: FastifyRequest, userid: string, number: string, person_id: string): Promise<void> {
    try {
      await write(tx => bind(tx, { person_id, number }, { number, userid }))
      request.session.flash = { meaning: 'done', text: request.t('已绑定企业微信账号 {userid}，以后从企业微信打开不用再登录', { userid }) }
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
      request.session.flash = { meaning: 'warn', text: `${request.t('已登录，但没有绑定企业微信')}：${request.t(error.message, error.params)}` }
    }
  }

  return async app => {
    app.get('/login', { schema: { querystring: ToQuery } }, async (request, reply) => {
      const to = safeReturnTo(fits<{ to?: string }>(ToQuery, request.query) ? request.query.to : '/')
      if (request.visitor && !waiting(request)) return reply.redirect(to, 303)
      return await reply.page('identity/login', loginPage({ t: request.t, to, account: '', errors: {}, userid: waiting(request) }))
    })

    app.post('/login', { config: { rateLimit: { max: 300, timeWindow: 60_000, keyGenerator: request => `login-${request.ip}` } } }, async (request, reply) => {
      const form = fits<Login>(LoginForm, request.body) ? request.body : {}
      const userid = form.bind === '1' ? waiting(request) : null
      const { answer, refused } = await prove(request, reply, form)
      if (!answer) return refused
      const session = await admit(answer.account)
      if ('problem' in session) return await again(request, reply, form, { account: request.t(session.problem.message, session.problem.params) }, 403)
      await beginSession(request, session, clock.now(), answer.must_change)
      if (userid) await bindWaiting(request, userid, session.number, session.person_id)
      const to = safeReturnTo(form.to)
      if (answer.must_change) request.session.return_to = to
      return reply.redirect(answer.must_change ? '/account/password' : to, 303)
    })

    app.post('/logout', async (request, reply) => {
      const { visitor } = request
      if (visitor) await write(tx => signOut(tx, visitor))
      await request.session.destroy()
      return reply.redirect('/login', 303)
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

  async function admit(number: string) {
    try {
      return await write(tx => signIn(tx, { number, way: 'campus' }))
    } catch (error) {
      if (error instanceof AppError && error.code === 'identity:closed') return { problem: error }
      throw error
    }
  }
}

/** Where the language was switched; the sign-in page counts here. */
function localPage(back: string | undefined): string {
  return back === '/login' || back?.startsWith('/login?') ? `/login?to=${encodeURIComponent(safeReturnTo(new URL(back, 'http://hall.invalid').searchParams.get('to')))}` : safeReturnTo(back)
}

function wrong({ left, locked_minutes }: { left: number; locked_minutes: number }, { t }: FastifyRequest): string {
  if (locked_minutes > 0) return t('学工号或密码不对。错误次数太多，账号已锁定 {minutes} 分钟。在企业微信里打开办事大厅不受影响', { minutes: locked_minutes })
  return left <= 2 ? t('学工号或密码不对。再错 {left} 次账号会锁定 5 分钟', { left }) : t('学工号或密码不对')
}
