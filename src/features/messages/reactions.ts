import type { Db, Tx } from '../../platform/db.ts'
import { defineReaction, type Reaction } from '../../platform/events.ts'
import { emailChanged, memberReturned, phoneChanged, phoneMoved, wecomBound, wecomMoved, wecomUnbound } from '../identity/index.ts'
import { flushWaiting } from './verbs/again.ts'
import { takeBackCards } from './verbs/unbound.ts'
import { type Binding, mail, tell } from './verbs/tell.ts'

type Deps = Binding & { contactOf(db: Db, person_id: string): Promise<{ email: string | null }> }
type Note = { kind: string; title: string; what: string; next: string; url: string }

const HELP = '如果不是本人操作，请马上修改密码并联系学校信息中心'

const NOTES = {
  phoneMoved: { kind: 'phone-moved', title: '手机号已由另一个人验证', what: '账户里的手机号刚刚由另一个人用短信验证，已经不再是这个账户的', next: '请重新设置手机。如果这仍然是你的号码，请联系学校信息中心', url: '/account/phone' },
  phoneChanged: { kind: 'phone-changed', title: '手机号已更换', what: '账户里的手机号刚刚换成了另一个', next: HELP, url: '/account/phone' },
  wecomMoved: { kind: 'wecom-moved', title: '企业微信绑定已转移', what: '工作人员核实以后，把企业微信绑定转移到了另一个学工号，原来学工号的登录都已结束', next: '下次打开时请看清页面上的学工号。如果这不是你要求的，请马上联系学校信息中心', url: '/account' },
  emailChanged: { kind: 'email-changed', title: '电子邮箱已更换', what: '接收通知和证明的邮箱刚刚设置好', next: HELP, url: '/account/email' },
} satisfies Record<string, Note>

/** What waited goes out when a binding begins, or when the member who had left is there again; what stands on a phone that is nobody's any more is ended when it does. */
export function bindingReactions(binding: Binding): Reaction[] {
  return [
    defineReaction(wecomBound, (tx, _data, { subject }) => flushWaiting(tx, subject)),
    defineReaction(memberReturned, (tx, _data, { subject }) => flushWaiting(tx, subject)),
    defineReaction(wecomUnbound, (tx, _data, { subject }) => takeBackCards(tx, binding, subject)),
  ]
}

/** What happens to somebody's account is told to them at once, on every way that still reaches them. */
export function accountNotes(deps: Deps): Reaction[] {
  async function note(tx: Tx, to: string, { kind, title, what, next, url }: Note, byMail: boolean): Promise<void> {
    await tell(tx, deps, { to, kind, title, lines: [{ label: '发生了什么', value: what }, { label: '怎么办', value: next }], url, subject: to, urgent: true })
    const { email } = byMail ? await deps.contactOf(tx, to) : { email: null }
    if (email !== null) await mail(tx, { to_address: email, person_id: to, kind, subject_line: title, text: `${what}。\n\n${next}。`, attachments: [], subject: to })
  }
  return [
    defineReaction(phoneMoved, (tx, _data, { subject }) => note(tx, subject, NOTES.phoneMoved, true)),
    defineReaction(phoneChanged, async (tx, { replaced }, { subject }) => { if (replaced === '1') await note(tx, subject, NOTES.phoneChanged, true) }),
    defineReaction(wecomMoved, (tx, _data, { subject }) => note(tx, subject, NOTES.wecomMoved, true)),
    defineReaction(emailChanged, (tx, _data, { subject }) => note(tx, subject, NOTES.emailChanged, false)),
  ]
}
