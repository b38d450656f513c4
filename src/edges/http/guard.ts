import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../platform/clock.ts'
import { AppError } from '../../platform/errors.ts'
import { can, type Right, rightLabels } from '../../platform/rights.ts'

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

/** Lets in who has the right; says to others which one is missing and who grants it. */
export function requireRight(right: Right): (request: FastifyRequest) => Promise<void> {
  return async ({ person, t }) => {
    if (can(person, right)) return
    throw new AppError('forbidden', '这里需要“{right}”的权限，现在的角色里没有。需要使用时，请联系学校信息中心的安全管理员开通', { code: 'right-missing', params: { right: t(rightLabels[right]) } })
  }
}

const MINUTE = 60_000
// The form was opened minutes ago; whoever fills it in with care must not lose it.
const RECENT = { form: 10 * MINUTE, sent: 30 * MINUTE }

/** Asks for a second factor where the person's roles want one: once for `hours`, where it must be `recent` every few minutes. */
export function requireSecondFactor({ clock, hours, recent }: { clock: Clock; hours: number; recent: boolean }): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  return async (request, reply) => {
    const { wants_second_factor, second_factor_at } = request.person
    if (!wants_second_factor) return undefined
    const reads = ['GET', 'HEAD'].includes(request.method)
    const limit = recent ? (reads ? RECENT.form : RECENT.sent) : hours * 60 * MINUTE
    if (second_factor_at !== undefined && clock.now() - second_factor_at < limit) return undefined
    if (!reads) throw new AppError('forbidden', '这一步需要刚刚做过二次验证。请返回、刷新页面，验证后再提交', { code: 'second-factor' })
    return reply.redirect(`/account/factor?to=${encodeURIComponent(request.url)}`, 303)
  }
}

function doorFor(request: FastifyRequest): string {
  const door = INSIDE_WECOM.test(request.headers['user-agent'] ?? '') ? '/auth/wecom' : '/login'
  return `${door}?to=${encodeURIComponent(request.url)}`
}
