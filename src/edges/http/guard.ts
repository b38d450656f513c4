import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../platform/errors.ts'

const INSIDE_WECOM = /wxwork/i
// Reachable before the first password is changed: changing it, and leaving.
const BEFORE_PASSWORD = /^\/(account\/password|logout|language)(\?|$)/

/** Sends who is not signed in to the door that fits: silent inside WeCom, a form elsewhere. */
export async function requireSignIn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { visitor } = request
  if (!visitor) {
    if (!['GET', 'HEAD'].includes(request.method)) throw new AppError('forbidden', '登录已经过期。请重新登录后再提交，已自动保存的草稿还在', { code: 'signed-out' })
    return reply.redirect(doorFor(request), 303)
  }
  if (visitor.must_change_password && !BEFORE_PASSWORD.test(request.url)) return reply.redirect('/account/password', 303)
  return undefined
}

/** The console is for administrators; says which right is missing and who grants it. */
export async function requireAdministrator(request: FastifyRequest): Promise<void> {
  if (!request.person.roles.includes('admin')) throw new AppError('forbidden', '管理后台只对管理员开放。需要使用时，请联系学校信息中心开通“管理员”角色')
}

function doorFor(request: FastifyRequest): string {
  const door = INSIDE_WECOM.test(request.headers['user-agent'] ?? '') ? '/auth/wecom' : '/login'
  return `${door}?to=${encodeURIComponent(request.url)}`
}
