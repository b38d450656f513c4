import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../platform/errors.ts'
import { beginSession } from './begin-session.ts'
import type { Context } from './deps.ts'
import { type Outcome, outcomePage } from './pages/outcome.ts'
import { bindPresent } from './verbs/binding.ts'
import { signIn } from './verbs/sign-in.ts'

declare module 'fastify' {
  interface Session {
    campus?: AtSchool
  }
}

/** A sign-in that the school's server vouched for: how it calls it and the account (hashed), what it wants to see at signing out (sealed), and the name typed there. */
export type AtSchool = { handle: string | null; subject?: string | null; hint: string | null; account: string | null }

const UNBOUND_FOR = 10 * 60_000

export type Proven = {
  number: string
  /** a page of the hall */
  to: string
  /** the member of WeCom to bind, null for none */
  userid: string | null
  /** by the initial password, which must be changed first */
  first?: boolean
  campus?: AtSchool
}

/** Signs in who has proved a campus account, whichever way; where that may not be, a page says why. */
export async function enter(context: Context, request: FastifyRequest, reply: FastifyReply, { number, to, userid, first = false, campus }: Proven): Promise<FastifyReply> {
  const { database: { write }, clock, devices } = context
  const visit = context.visitOf(request)
  try {
    await beginSession(request, await write(tx => signIn(tx, { number, way: 'campus', visit })), visit, clock.now(), first)
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'identity:closed' && error.code !== 'identity:unknown')) throw error
    return await tell(context, request, reply, error.code === 'identity:closed' ? { kind: 'closed', error } : { kind: 'unknown', account: number })
  }
  if (campus) request.session.campus = campus
  devices.remember(request, reply, number)
  if (userid) await bindWaiting(context, request, userid, number)
  if (first) request.session.return_to = to
  return reply.redirect(first ? '/account/password' : to, 303)
}

async function bindWaiting({ database: { write } }: Context, request: FastifyRequest, userid: string, number: string): Promise<void> {
  const actor = { person_id: request.session.signed_in?.person_id ?? '', number }
  try {
    await write(tx => bindPresent(tx, actor, { number, userid }))
    request.session.flash = { meaning: 'done', text: request.t('已绑定企业微信账号 {userid}，以后从企业微信打开不用再登录', { userid }) }
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
    request.session.flash = { meaning: 'warn', text: `${request.t('已登录，但没有绑定企业微信')}：${request.t(error.message, error.params)}` }
  }
}

/** The member of WeCom who came here and is nobody's yet, for a while. */
export function waitingMember({ clock }: Pick<Context, 'clock'>, request: FastifyRequest): string | null {
  const { unbound } = request.session
  return unbound && clock.now() - unbound.at < UNBOUND_FOR ? unbound.userid : null
}

/** Shows how a sign-in ended without anybody being signed in. */
export async function tell({ campus }: Pick<Context, 'campus'>, request: FastifyRequest, reply: FastifyReply, outcome: Outcome): Promise<FastifyReply> {
  const help = request.server.hasRoute({ method: 'GET', url: '/help' })
  const { status, ...model } = outcomePage(request.t, outcome, { help, school: campus.way === 'redirect' })
  return await reply.code(status).page('identity/outcome', model)
}
