import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { beginSession } from '../begin-session.ts'
import type { Context } from '../deps.ts'
import { tell } from '../enter.ts'
import type { Outcome } from '../pages/outcome.ts'
import { isWecom } from '../rules/browser.ts'
import { safeReturnTo } from '../rules/return-to.ts'
import { CallbackQuery, ToQuery } from '../schema.ts'
import { currentBinding } from '../store/bindings.ts'
import { beginTry, claimTry, newState, type Try } from '../tries.ts'
import { signIn } from '../verbs/sign-in.ts'
import { MEMBER_PHONE } from './member-phone.ts'

/** WeCom's own words for a code that is wrong, too old or used (90313) */
const BAD_CODE = ['wecom:40029', 'wecom:42003', 'wecom:42022']

/** Signing in through WeCom: silently inside its app, by QR at a desk. */
export function wecomRoutes(context: Context): FastifyPluginAsync {
  const { database: { db, write }, wecom, clock, publicUrl } = context
  const redirectUri = `${publicUrl}/auth/wecom/callback`

  function begin(request: FastifyRequest, way: 'wecom' | 'scan'): string {
    const state = newState()
    beginTry(request, { state, way, at: clock.now(), to: safeReturnTo(fits<{ to?: string }>(ToQuery, request.query) ? request.query.to : '/') })
    return state
  }

  const answer = async (request: FastifyRequest, reply: FastifyReply, outcome: Outcome): Promise<FastifyReply> => await tell(context, request, reply, outcome)

  async function memberOf(code: string): Promise<{ userid: string | null } | { problem: 'code' | 'silent' }> {
    try {
      return await wecom.visitor(code)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return { problem: BAD_CODE.includes(error.code ?? '') ? 'code' : 'silent' }
    }
  }

  async function admit(request: FastifyRequest, reply: FastifyReply, userid: string, { to, way }: Try): Promise<FastifyReply> {
    const binding = await currentBinding(db, { userid })
    if (!binding) {
      await request.session.regenerate()
      request.session.unbound = { userid, at: clock.now() }
      if (to === MEMBER_PHONE) return reply.redirect(to, 303)
      return await answer(request, reply, { kind: 'unbound', to, userid })
    }
    try {
      const visit = context.visitOf(request)
      const session = await write(tx => signIn(tx, { number: binding.number, way, visit }))
      await beginSession(request, session, visit, clock.now(), false)
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
      const begun = claimTry(request, ['wecom', 'scan'], state, clock.now())
      // Back and refresh replay an address that has done its work: whoever is signed in by it goes on.
      if (!begun && request.visitor) return reply.redirect('/', 303)
      if (!begun) return await answer(request, reply, { kind: 'state' })
      if (!code) return await answer(request, reply, { kind: 'code', to: begun.to, way: begun.way })
      const member = await memberOf(code)
      if ('problem' in member) return await answer(request, reply, { kind: member.problem, to: begun.to, way: begun.way })
      if (!member.userid) return await answer(request, reply, { kind: 'stranger' })
      return await admit(request, reply, member.userid, begun)
    })
  }
}
