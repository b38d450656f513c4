import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { elevateSession } from '../begin-session.ts'
import type { Context } from '../deps.ts'
import { checkPage, codesPage, enrolPage, renewalQuestion, wrongFactor } from '../pages/factor.ts'
import { enrolAddress, newSecret } from '../rules/factor.ts'
import { safeReturnTo } from '../rules/return-to.ts'
import { type FactorInput, FactorForm, ToQuery } from '../schema.ts'
import { factorOf, recoveryCodesLeft } from '../store/factors.ts'
import { enrolFactor, FACTOR, type Proof, proveFactor, renewRecoveryCodes } from '../verbs/factor.ts'

const RECENT = 10 * 60_000

/** 二次验证: set up at the first visit to the console, then asked. Needs no password, so that people who only use WeCom have it too. */
export function factorRoutes({ database: { db, write }, clock, keyring, issuer = '一站式网上办事大厅' }: Context): FastifyPluginAsync {
  function demandWanted(request: FastifyRequest): void {
    if (!request.person.wants_second_factor) throw new AppError('not-found', '现在的角色不需要二次验证')
  }

  /** What the app is shown: the same while it is being set up, so that a page loaded again does not need another scan. */
  function secretOf(request: FastifyRequest): string {
    const { factor_secret } = request.session
    const known = factor_secret === undefined ? null : keyring.open(FACTOR, factor_secret)
    if (known !== null) return known
    const made = newSecret()
    request.session.factor_secret = keyring.seal(FACTOR, made)
    return made
  }

  async function showEnrol(request: FastifyRequest, reply: FastifyReply, to: string, error?: string): Promise<FastifyReply> {
    const secret = secretOf(request)
    const address = enrolAddress(secret, { issuer, label: request.person.number })
    const { default: QRCode } = await import('qrcode')
    const svg = await QRCode.toString(address, { type: 'svg', margin: 1, errorCorrectionLevel: 'M' })
    return await reply.page('identity/factor-enrol', enrolPage({ t: request.t, to, secret, address, svg, error }))
  }

  const showCheck = (request: FastifyRequest, reply: FastifyReply, to: string, error?: string): Promise<FastifyReply> => reply.page('identity/factor-check', checkPage({ t: request.t, to, error }))

  /** What the verb says, or the sentence that it threw where the form can say it. */
  async function tried<R>(request: FastifyRequest, work: () => Promise<R | Extract<Proof, { right: false }>>): Promise<{ done: R } | { error: string; status: number }> {
    try {
      const outcome = await work()
      if (typeof outcome === 'object' && outcome !== null && 'locked_minutes' in outcome) return { error: wrongFactor(request.t, outcome), status: 422 }
      return { done: outcome }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'identity:factor-locked') throw error
      return { error: request.t(error.message, error.params), status: 429 }
    }
  }

  async function enrol(request: FastifyRequest, reply: FastifyReply, { code = '' }: FactorInput, to: string): Promise<FastifyReply> {
    const secret = secretOf(request)
    const outcome = await tried(request, () => write(tx => enrolFactor(tx, keyring, request.person, secret, code)))
    if ('error' in outcome) return await showEnrol(request, reply.code(outcome.status), to, outcome.error)
    await elevateSession(request, clock.now())
    return await reply.page('identity/factor-codes', codesPage({ t: request.t, codes: outcome.done.codes, to, first: true }))
  }

  async function check(request: FastifyRequest, reply: FastifyReply, { code = '' }: FactorInput, to: string): Promise<FastifyReply> {
    const outcome = await tried(request, () => write(tx => proveFactor(tx, keyring, request.person, code)))
    if ('error' in outcome) return await showCheck(request, reply.code(outcome.status), to, outcome.error)
    await elevateSession(request, clock.now())
    const { recovery_left } = outcome.done
    if (recovery_left !== undefined) request.session.flash = { meaning: 'warn', text: request.t('这个恢复码已经用掉，还剩 {left} 个。换了手机的话，请让安全管理员重置二次验证', { left: recovery_left }) }
    return reply.redirect(to, 303)
  }

  return async app => {
    app.get('/account/factor', { schema: { querystring: ToQuery } }, async (request, reply) => {
      demandWanted(request)
      const to = placeIn(request.query)
      return await factorOf(db, request.person.person_id) ? await showCheck(request, reply, to) : await showEnrol(request, reply, to)
    })

    app.post('/account/factor', async (request, reply) => {
      demandWanted(request)
      const form: FactorInput = fits<FactorInput>(FactorForm, request.body) ? request.body : {}
      const to = placeIn(form)
      return await factorOf(db, request.person.person_id) ? await check(request, reply, form, to) : await enrol(request, reply, form, to)
    })

    app.get('/account/factor/codes', async (request, reply) => {
      demandWanted(request)
      if (!isRecent(request)) return reply.redirect(`/account/factor?to=${encodeURIComponent('/account/factor/codes')}`, 303)
      return await reply.page('identity/factor-renewal', renewalQuestion(request.t, await recoveryCodesLeft(db, request.person.person_id)))
    })

    app.post('/account/factor/codes', async (request, reply) => {
      demandWanted(request)
      if (!isRecent(request)) throw new AppError('forbidden', '这一步需要刚刚做过二次验证。请返回、刷新页面，验证后再提交', { code: 'second-factor' })
      const codes = await write(tx => renewRecoveryCodes(tx, request.person))
      return await reply.page('identity/factor-codes', codesPage({ t: request.t, codes, to: '/admin', first: false }))
    })
  }

  function isRecent({ person: { second_factor_at } }: FastifyRequest): boolean {
    return second_factor_at !== undefined && clock.now() - second_factor_at < RECENT
  }
}

/** Where the person was going: the console, unless something else of the hall was asked for. */
function placeIn(sent: unknown): string {
  const to = typeof sent === 'object' && sent !== null && 'to' in sent ? safeReturnTo(sent.to) : '/'
  return to === '/' || to.startsWith('/account/factor?') || to === '/account/factor' ? '/admin' : to
}
