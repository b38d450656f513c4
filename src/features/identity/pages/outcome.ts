import type { AppError } from '../../../platform/errors.ts'
import type { T } from '../../../platform/text.ts'

/** How a sign-in can end without anybody being signed in. */
export type Outcome =
  /** through WeCom: an old, used or foreign address; a code that WeCom does not take; WeCom away; no member; a member whom nobody is bound to */
  | { kind: 'state' }
  | { kind: 'code' | 'silent'; to: string; way: string }
  | { kind: 'stranger' }
  | { kind: 'unbound'; to: string; userid: string }
  /** through the school's own sign-in: refused, given up, away; an account without a number; another account than the one that is signed in */
  | { kind: 'school-refused' | 'school-cancelled' | 'school-silent'; to: string }
  | { kind: 'numberless' | 'other' }
  /** the account is proved, but: in no roster; left; its initial password has expired, or needs a look at the person */
  | { kind: 'unknown'; account: string }
  | { kind: 'closed'; error: AppError }
  /** the phone is proved, but member and number are not to be bound: one of them is bound otherwise */
  | { kind: 'taken'; error: AppError }
  | { kind: 'expired' | 'operator'; number: string }

/** Which pages there are to lead on to: the help desk's, the school's own sign-in. */
export type Doors = { help: boolean; school: boolean }

type Button = { label: string; href: string; kind?: string; icon?: string }
type Page = { status: number; title: string; meaning: 'info' | 'warn' | 'error'; sentence: string; note: string | null; actions: Button[] }

const toOf = (path: string, to: string): string => `${path}?to=${encodeURIComponent(to)}`

/** Each outcome says what happened, whether anything is lost, and has one next step. */
export function outcomePage(t: T, outcome: Outcome, doors: Doors): Page {
  const main = (label: string, href: string): Button => ({ label: t(label), href, kind: 'main' })
  const other = (label: string, href: string): Button => ({ label: t(label), href })
  const help = doors.help ? [other('联系客服', '/help')] : []
  const campus = (to: string): Button => other('用校园账号登录', toOf('/login', to))
  const elsewhere = doors.school ? [other('退出统一身份认证，换一个账号', '/auth/campus/exit')] : [other('换一个账号登录', '/login')]
  switch (outcome.kind) {
    case 'state':
      return {
        status: 422, title: t('登录没有完成'), meaning: 'warn', sentence: t('这个登录链接已经用过、过期，或者不是从这里打开的。没有内容丢失，重新打开一次就可以'),
        note: null, actions: [main('重新登录', '/auth/wecom?to=%2F')],
      }
    case 'code':
      return {
        status: 422, title: t('登录没有完成'), meaning: 'warn', sentence: t('企业微信的授权码无效或已过期（只能用一次，5 分钟内有效）。重新登录一次就可以'),
        note: null, actions: [main('重新登录', wecomDoor(outcome)), campus(outcome.to)],
      }
    case 'silent':
      return {
        status: 503, title: t('企业微信暂时没有回应'), meaning: 'warn', sentence: t('登录没有完成。请过一会儿再试，或者先用校园账号登录'),
        note: null, actions: [main('再试一次', wecomDoor(outcome)), campus(outcome.to)],
      }
    case 'stranger':
      return {
        status: 403, title: t('还不是学校企业微信的成员'), meaning: 'warn', sentence: t('当前微信没有加入学校的企业微信，所以认不出是谁。请先加入；在校师生也可以用校园账号登录'),
        note: null, actions: [main('用校园账号登录', '/login'), ...help],
      }
    case 'unbound':
      return {
        status: 403, title: t('企业微信账号还没有绑定'), meaning: 'info', sentence: t('企业微信账号 {userid} 还没有和学号或工号绑定。用校园账号登录一次，或者用短信验证注册时填写的手机号，就会绑定，以后从企业微信打开不用再登录', { userid: outcome.userid }),
        note: t('如果学工号不在名单里，请联系学校信息中心'), actions: [main('登录并绑定', toOf('/login', outcome.to)), other('关注身份验证', '/join/member'), ...help],
      }
    case 'school-refused':
      return {
        status: 422, title: t('登录没有完成'), meaning: 'warn', sentence: t('统一身份认证的登录凭证已经用过、过期，或者不是为这里签发的。没有内容丢失，重新登录一次就可以'),
        note: null, actions: [main('重新登录', toOf('/login', outcome.to)), ...help],
      }
    case 'school-cancelled':
      return {
        status: 422, title: t('登录没有完成'), meaning: 'info', sentence: t('在统一身份认证的页面上取消了登录'),
        note: null, actions: [main('重新登录', toOf('/login', outcome.to))],
      }
    case 'school-silent':
      return {
        status: 503, title: t('统一身份认证暂时没有回应'), meaning: 'warn', sentence: t('登录没有完成。请过一会儿再试；已绑定企业微信的，可以用企业微信扫码登录'),
        note: null, actions: [main('再试一次', toOf('/auth/campus', outcome.to)), other('企业微信扫码登录', toOf('/auth/wecom/scan', outcome.to))],
      }
    case 'numberless':
      return {
        status: 403, title: t('认不出学号或工号'), meaning: 'error', sentence: t('统一身份认证的账号和密码是对的，但没有给出学号或工号，所以不知道是谁。请把这一页告诉学校信息中心'),
        note: null, actions: [...help.map(button => ({ ...button, kind: 'main' })), ...elsewhere],
      }
    case 'other':
      return {
        status: 403, title: t('不是同一个人'), meaning: 'warn', sentence: t('刚才在统一身份认证登录的，不是现在登录办事大厅的人。没有做任何改动'),
        note: null, actions: [main('返回账户信息', '/account')],
      }
    case 'unknown':
      return {
        status: 403, title: t('名单里没有这个学工号'), meaning: 'warn', sentence: t('账号 {account} 已经通过验证，但不在办事大厅的名单里，所以还不能使用', { account: outcome.account }),
        note: t('刚入学或刚入职的，名单一般在报到后更新，请过几天再试；如果一直不行，请联系学校信息中心核对学号或工号'),
        actions: [...help.map(button => ({ ...button, kind: 'main' })), ...elsewhere],
      }
    case 'closed':
      return { status: 403, title: t('不能登录'), meaning: 'error', sentence: t(outcome.error.message, outcome.error.params), note: null, actions: [...elsewhere.map(button => ({ ...button, kind: 'main' })), ...help] }
    case 'taken':
      return { status: 409, title: t('没有绑定'), meaning: 'warn', sentence: t(outcome.error.message, outcome.error.params), note: null, actions: [main('用校园账号登录', '/login'), ...help] }
    case 'expired':
      return {
        status: 403, title: t('初始密码已过期'), meaning: 'warn', sentence: t('学工号 {number} 的初始密码太久没有使用，已经不能登录。名单里有手机号的，可以用短信验证码设置密码', { number: outcome.number }),
        note: t('没有手机号，或者手机号已经不用了，请带证件到学校信息中心，核实本人后恢复'), actions: [main('用短信设置密码', '/login/reset'), ...help],
      }
    case 'operator':
      return {
        status: 403, title: t('需要先核实本人'), meaning: 'info', sentence: t('学工号 {number} 第一次登录，但名单里没有手机号，不能用短信核实。请带证件到学校信息中心，核实后当天就能登录', { number: outcome.number }),
        note: t('已经加入学校企业微信的，从企业微信打开办事大厅不用密码'), actions: [main('返回登录', '/login'), ...help],
      }
  }
}

function wecomDoor({ to, way }: { to: string; way: string }): string {
  return toOf(way === 'scan' ? '/auth/wecom/scan' : '/auth/wecom', to)
}
