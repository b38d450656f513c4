import type { Callbacks } from './callbacks.ts'
import type { Corp } from './corp.ts'
import type { Copy, Inbox } from './inbox.ts'
import type { Menus } from './menu.ts'
import type { PayDesk } from './pay/index.ts'
import type { Trouble } from './trouble.ts'
import { NEWCOMER, type Phone } from './phone-book.ts'
import type { ApiCall, Dropped, Mail, Member, PrintedCode, Sms } from './types.ts'

export type ViewDeps = {
  corp: Corp; inbox: Inbox; menus: Menus; callbacks: Callbacks; trouble: Trouble; mails: () => Mail[]; sms: Sms[]; calls: ApiCall[]
  /** codes that hang on walls */
  codes: readonly PrintedCode[]
  pay: PayDesk | null
  hallOrigin: string; platform: () => string[]; phoneOrigin(userid: string): string; version(): number; port(): number
}

function departmentNames(corp: Corp, member: Member): string {
  return member.department.map((id) => corp.departments.get(id)?.name ?? '').filter((name) => name !== '').join('、')
}

function personView(deps: ViewDeps, member: Member): object {
  const { userid, name, label, position, status, visible, shown } = member
  const unread = deps.inbox.of(userid).filter((copy) => !copy.read).length
  return { userid, name, label, position, status, visible, shown, unread, department: departmentNames(deps.corp, member), phone: deps.phoneOrigin(userid) }
}

function newcomerView(deps: ViewDeps): object {
  return {
    userid: `@${NEWCOMER}`, name: '还没有加入企业的微信', label: '微信', position: '扫注册二维码的新生、新教工', status: 0, visible: false, shown: false, unread: 0, department: '',
    phone: `http://${NEWCOMER}.localhost:${deps.port()}`,
  }
}

function mailView(mail: Mail): object {
  const { id, at, from, to, subject, text, html, attachments } = mail
  const files = attachments.map(({ filename, mimeType, size }) => ({ filename, mimeType, size }))
  return { id, at, from, to, subject, text, hasHtml: html !== '', attachments: files }
}

/** What the page /simulator shows. */
export function pageView(deps: ViewDeps): object {
  const { corp, callbacks, trouble } = deps
  const dropped: Dropped[] = deps.inbox.dropped.slice(-20)
  return {
    version: deps.version(), port: deps.port(), app: corp.agent.name, hallOrigin: deps.hallOrigin,
    people: [...[...corp.members.values()].map((member) => personView(deps, member)), newcomerView(deps)],
    mails: deps.mails().slice(-100).toReversed().map(mailView),
    sms: deps.sms.slice(-100).toReversed(),
    callbacks: { url: callbacks.url('app'), contactsUrl: callbacks.url('contacts'), log: callbacks.log.slice(-60).toReversed() },
    calls: deps.calls.slice(-60).toReversed(), dropped, trouble, pay: deps.pay?.view() ?? null,
  }
}

function copyView(copy: Copy, index: number): object {
  return { id: index, ...copy }
}

/** Status 0: a WeChat that has not joined. */
const NOBODY = { userid: '', name: '还没有加入企业的微信', position: '', label: '', status: 0, visible: false, department: '' }

/** What one phone shows. */
export function phoneView(deps: ViewDeps, { label, member }: Phone): object {
  const { corp, menus, hallOrigin } = deps
  return {
    version: deps.version(), person: member ? { ...personView(deps, member) } : NOBODY, changesHands: label === NEWCOMER && member !== null,
    app: { name: corp.agent.name, description: corp.agent.description, home_url: corp.agent.home_url },
    hall: [hallOrigin], platform: deps.platform(), codes: [...deps.codes, ...deps.pay?.codes() ?? []], menu: member && menus.current(), messages: member ? deps.inbox.of(member.userid).map(copyView) : [],
  }
}
