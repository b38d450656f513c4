import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { beginSession } from '../begin-session.ts'
import type { Context } from '../deps.ts'
import { type Outcome, outcomePage } from '../pages/outcome.ts'
import { isWecom } from '../rules/browser.ts'
import { safeReturnTo } from '../rules/return-to.ts'
import { CallbackQuery, ToQuery } from '../schema.ts'
import type { OauthTry } from '../sessions.ts'
import { currentBinding } from '../store/bindings.ts'
import { signIn } from '../verbs/sign-in.ts'

const STATE_FOR = 10 * 60_000
/** sign-ins begun in several tabs at once */
const TRIES = 5
/** WeCom's own words for a code that is wrong, too old or used (90313) */
const BAD_CODE = ['wecom:40029', 'wecom:42003', 'wecom:42022']

/** Signing in through WeCom: silently inside its app, by QR at a desk. */
export function wecomRoutes({ database: { db, write }, wecom, clock, publicUrl }: Context): FastifyPluginAsync {
  const redirectUri = `${publicUrl}/auth/wecom/callback`

  /** A state bound to this browser's session, so that nobody can be signed in as somebody else by a prepared link. */
  function begin(request: FastifyRequest, way: OauthTry['way']): string {
    const state = randomBytes(16).toString('hex')
    const to = safeReturnTo(fits<{ to?: string }>(ToQuery, request.query) ? request.query.to : '/')
    request.session.oauth = [...(request.session.oauth ?? []).slice(1 - TRIES), { state, to, way, at: clock.now() }]
    return state
  }

  /** The try that this answer belongs to; it counts once. */
  function claim(request: FastifyRequest, state: string | undefined): OauthTry | null {
    const tries = request.session.oauth ?? []
    const found = tries.find(each => each.state === state)
    if (!found) return null
    request.session.oauth = tries.filter(each => each !== found)
    return clock.now() - found.at < STATE_FOR ? found : null
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, outcome: Outcome): Promise<FastifyReply> {
    const { status, ...model } = outcomePage(request.t, outcome)
    return await reply.code(status).page('identity/outcome', model)
  }

  async function memberOf(code: string): Promise<{ userid: string | null } | { problem: 'code' | 'silent' }> {
    try {
      return await wecom.visitor(code)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { problem: BAD_CODE.includes(error.code ?? '') ? 'code' : 'silent' }
    }
  }

  async function admit(request: FastifyRequest, reply: FastifyReply, userid: string, { to, way }: OauthTry): Promise<FastifyReply> {
    const binding = await currentBinding(db, { userid })
    if (!binding) {
      await request.session.regenerate()
      request.session.unbound = { userid, at: clock.now() }
      return await answer(request, reply, { kind: 'unbound', to, userid })
    }
    try {
      const session = await write(tx => signIn(tx, { number: binding.number, way }))
      await beginSession(request, session, clock.now(), false)
      return reply.redirect(to, 303)
    } catch (error) {
      if (error instanceof AppError && error.code === 'identity:closed') return await answer(request, reply, { kind: 'closed', error })
      throw error
    }
  }

  return async app => {
    app.get('/auth/wecom', async (request, reply) => {
      const to = safeReturnTo(fits<{ to?: string }>(ToQuery, request.query) ? request.query.to : '/')
      if (!isWecom(request.headers['user-agent'] ?? '')) return reply.redirect(`/login?to=${encodeURIComponent(to)}`, 303)
      return reply.redirect(wecom.authorizeUrl({ redirectUri, state: begin(request, 'wecom') }), 303)
    })

    app.get('/auth/wecom/scan', async (request, reply) =>
      reply.redirect(wecom.loginUrl({ redirectUri, state: begin(request, 'scan'), language: request.language }), 303))

    app.get('/auth/wecom/callback', async (request, reply) => {
      const { code, state } = fits<{ code?: string; state?: string }>(CallbackQuery, request.query) ? request.query : {}
      const begun = claim(request, state)
      // Back and refresh replay an address that has done its work: whoever is signed in by it goes on.
      if (!begun && request.visitor) return reply.redirect('/', 303)
      if (!begun) return await answer(request, reply, { kind: 'state' })
      if (!code) return await answer(request, reply, { kind: 'code', to: begun.to })
      const member = await memberOf(code)
      if ('problem' in member) return await answer(request, reply, { kind: member.problem, to: begun.to })
      if (!member.userid) return await answer(request, reply, { kind: 'stranger' })
      return await admit(request, reply, member.userid, begun)
    })
  }
}
