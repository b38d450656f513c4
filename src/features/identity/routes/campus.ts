import { hash } from 'node:crypto'
import { parse } from 'node:querystring'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { RedirectProvider } from '../../../integrations/campus-auth/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { enter, tell, waitingMember } from '../enter.ts'
import type { Outcome } from '../pages/outcome.ts'
import { safeReturnTo } from '../rules/return-to.ts'
import { type CampusCallback, CampusCallbackQuery, CampusQuery } from '../schema.ts'
import { accountTyped } from '../store/accounts.ts'
import { beginTry, claimTry, newState, type Try } from '../tries.ts'
import { endBySchool } from '../verbs/sign-in.ts'
import { showLogin } from './show-login.ts'

const CALLBACK = '/auth/campus/callback'
const LONGEST = 64 * 1024

/** Signing in on the school's own page (CAS, OpenID Connect). */
export function campusRoutes(context: Context): FastifyPluginAsync {
  const { database: { db }, campus, clock, keyring, publicUrl } = context
  if (campus.way !== 'redirect') return async app => { app.get('/auth/campus', async (request, reply) => reply.redirect(`/login?to=${encodeURIComponent(askedFor(request).to)}`, 303)) }
  const school: RedirectProvider = campus
  const callback = `${publicUrl}${CALLBACK}`

  async function begin(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { to, bind, again } = askedFor(request)
    const state = newState()
    try {
      const { address, keep } = await school.begin(callback, state, { again })
      beginTry(request, { state, to, way: 'campus', at: clock.now(), keep, bind, again })
      return reply.redirect(address, 303)
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'upstream') throw error
      return again ? await tell(context, request, reply, { kind: 'school-silent', to }) : await showLogin(context, request, reply.code(503), { to, silent: true })
    }
  }

  async function finish(request: FastifyRequest, reply: FastifyReply, query: CampusCallback, begun: Try): Promise<FastifyReply> {
    try {
      const { account, handle, subject, hint } = await school.finish(callback, texts(query), begun.keep ?? {})
      const number = (await accountTyped(db, account))?.number
      if (begun.again) return await confirmed(request, reply, number, begun.to)
      if (number === undefined) return await tell(context, request, reply, { kind: 'unknown', account })
      const userid = begun.bind ? waitingMember(context, request) : null
      const kept = { handle: digest(handle), subject: digest(subject), hint: hint === null ? null : keyring.seal('identity.campus-hint', hint), account: null }
      return await enter(context, request, reply, { number, to: begun.to, userid, campus: kept })
    } catch (error) {
      const outcome = error instanceof AppError ? outcomeOf(error, begun.to) : null
      if (outcome === null) throw error
      return await tell(context, request, reply, outcome)
    }
  }

  /** Who is signed in has proved it once more; somebody else at the school's page changes nothing. */
  async function confirmed(request: FastifyRequest, reply: FastifyReply, number: string | undefined, to: string): Promise<FastifyReply> {
    if (!request.visitor) return reply.redirect(`/login?to=${encodeURIComponent(to)}`, 303)
    if (number !== request.visitor.number) return await tell(context, request, reply, { kind: 'other' })
    request.session.confirmed = { number, at: clock.now() }
    return reply.redirect(to, 303)
  }

  return async app => {
    app.get('/auth/campus', async (request, reply) => await begin(request, reply))

    app.get(CALLBACK, async (request, reply) => {
      const query = fits<CampusCallback>(CampusCallbackQuery, request.query) ? request.query : {}
      const begun = claimTry(request, ['campus'], query.state, clock.now())
      // Back and refresh replay an address that has done its work: whoever is signed in by it goes on.
      if (!begun && request.visitor) return reply.redirect('/', 303)
      return begun ? await finish(request, reply, query, begun) : await tell(context, request, reply, { kind: 'school-refused', to: '/' })
    })

    // For who proved an account there that is nobody here: without it the school would send the same account again.
    app.get('/auth/campus/exit', async (_request, reply) => reply.redirect(await school.leave(`${publicUrl}/login`, null) ?? '/login', 303))
  }
}

/**
 * What the school's server posts here by itself: a sign-in that ended there (CAS single logout, OpenID Connect back-channel logout). It proves
 * itself by knowing what only it and we know, or by its signature.
 */
export function campusMachineRoutes({ database: { write }, campus }: Context): FastifyPluginAsync {
  return async app => {
    if (campus.way !== 'redirect') return
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: LONGEST }, (_request, body, done) => done(null, parse(String(body), '&', '=', { maxKeys: 10 })))
    app.post(CALLBACK, { logLevel: 'warn' }, async (request, reply) => {
      void reply.type('text/plain').header('cache-control', 'no-store')
      try {
        const ended = await campus.ended(texts(typeof request.body === 'object' && request.body !== null ? request.body : {}))
        if (ended !== null) await write(tx => endBySchool(tx, { handle: digest(ended.handle), subject: digest(ended.subject) }, digest(ended.word)))
        return reply.send('')
      } catch (error) {
        if (!(error instanceof AppError) || (error.kind !== 'invalid' && error.kind !== 'upstream')) throw error
        app.log.warn({ reason: error.cause instanceof Error ? error.cause.message : error.code }, 'a word that a sign-in ended at the school was refused')
        return reply.code(error.kind === 'invalid' ? 400 : 503).send('')
      }
    })
  }
}

function askedFor(request: FastifyRequest): { to: string; bind: boolean; again: boolean } {
  const { to, bind, again } = fits<{ to?: string; bind?: string; again?: string }>(CampusQuery, request.query) ? request.query : {}
  return { to: safeReturnTo(to), bind: bind === '1', again: again === '1' && request.visitor !== null }
}

function outcomeOf({ kind, code }: AppError, to: string): Outcome | null {
  if (code === 'campus:cancelled') return { kind: 'school-cancelled', to }
  if (code === 'campus:no-number') return { kind: 'numberless' }
  if (kind === 'invalid') return { kind: 'school-refused', to }
  return kind === 'upstream' ? { kind: 'school-silent', to } : null
}

/** A ticket would sign somebody in while it is fresh; its digest does not. */
function digest(word: string | null): string | null {
  return word === null ? null : hash('sha256', word)
}

function texts(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}
