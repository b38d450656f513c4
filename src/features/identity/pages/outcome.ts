import type { AppError } from '../../../platform/errors.ts'
import type { T } from '../../../platform/text.ts'

/** How a sign-in through WeCom can end without anybody being signed in. */
export type Outcome =
  | { kind: 'state' }
  | { kind: 'code' | 'silent'; to: string }
  | { kind: 'stranger' }
  | { kind: 'unbound'; to: string; userid: string }
  | { kind: 'closed'; error: AppError }

type Button = { label: string; href: string; kind?: string }
type Page = { status: number; title: string; meaning: 'info' | 'warn' | 'error'; sentence: string; note: string | null; actions: Button[] }

/** Each outcome says what happened and has one next step. */
export function outcomePage(t: T, outcome: Outcome): Page {
  const main = (label: string, href: string): Button => ({ label: t(label), href, kind: 'main' })
  const campus = (to: string): Button => ({ label: t('用校园账号登录'), href: `/login?to=${encodeURIComponent(to)}` })
  switch (outcome.kind) {
    case 'state':
      return {
        status: 422, title: t('登录没有完成'), meaning: 'warn', sentence: t('这个登录链接已经用过、过期，或者不是从这里打开的。没有内容丢失，重新打开一次就可以'),
        note: null, actions: [main('重新登录', '/auth/wecom?to=%2F')],
      }
    case 'code':
      return {
        status: 422, title: t('登录没有完成'), meaning: 'warn', sentence: t('企业微信的授权码无效或已过期（只能用一次，5 分钟内有效）。重新登录一次就可以'),
        note: null, actions: [main('重新登录', `/auth/wecom?to=${encodeURIComponent(outcome.to)}`), campus(outcome.to)],
      }
    case 'silent':
      return {
        status: 503, title: t('企业微信暂时没有回应'), meaning: 'warn', sentence: t('登录没有完成。请过一会儿再试，或者先用校园账号登录'),
        note: null, actions: [main('再试一次', `/auth/wecom?to=${encodeURIComponent(outcome.to)}`), campus(outcome.to)],
      }
    case 'stranger':
      return {
        status: 403, title: t('还不是学校企业微信的成员'), meaning: 'warn', sentence: t('当前微信没有加入学校的企业微信，所以认不出是谁。请先加入；在校师生也可以用校园账号登录'),
        note: null, actions: [main('用校园账号登录', '/login')],
      }
    case 'unbound':
      return {
        status: 403, title: t('企业微信账号还没有绑定'), meaning: 'info', sentence: t('企业微信账号 {userid} 还没有和学号或工号绑定。用校园账号登录一次就会绑定，以后从企业微信打开不用再登录', { userid: outcome.userid }),
        note: t('如果学工号不在名单里，请联系学校信息中心'), actions: [main('登录并绑定', `/login?to=${encodeURIComponent(outcome.to)}`)],
      }
    case 'closed':
      return { status: 403, title: t('不能登录'), meaning: 'error', sentence: t(outcome.error.message, outcome.error.params), note: null, actions: [main('换一个账号登录', '/login')] }
  }
}
