import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../deps.ts'
import { waitingMember } from '../enter.ts'
import { loginPage } from '../pages/login.ts'

type Shown = { to: string; account?: string; errors?: Record<string, string>; silent?: boolean }

/** The sign-in page, with every way that there is. */
export async function showLogin(context: Context, request: FastifyRequest, reply: FastifyReply, { to, account = '', errors = {}, silent = false }: Shown): Promise<FastifyReply> {
  const there = (url: string): boolean => request.server.hasRoute({ method: 'GET', url })
  return await reply.page('identity/login', loginPage({
    t: request.t, campus: context.campus, digits: context.initialPasswordDigits, passwordUrl: context.campusPasswordUrl, to, account, errors, silent,
    userid: waitingMember(context, request), has: { help: there('/help'), join: there('/join') },
  }))
}
