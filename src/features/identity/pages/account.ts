import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import { maskDocument, maskEmail, maskPhone } from '../rules/mask.ts'
import { roleLabel } from '../rules/roles.ts'
import { kindLabels, standings } from '../rules/standing.ts'
import type { bindingsOf } from '../store/bindings.ts'
import type { accountRow, numbersOf } from '../store/people.ts'
import type { rolesOf } from '../store/roles.ts'

type Account = {
  t: T
  /** where the password is changed: here, or at the school's own page; undefined where nobody said where that is */
  password: string | undefined
  person: SignedIn
  numbers: Awaited<ReturnType<typeof numbersOf>>
  bindings: Awaited<ReturnType<typeof bindingsOf>>
  roles: Awaited<ReturnType<typeof rolesOf>>
  /** how many devices are signed in */
  sessions: number
  account: Awaited<ReturnType<typeof accountRow>>
  open: { phone: string | null; document: string | null }
}

/** 账户信息: facts masked, each of what can be changed one tap away. */
export function accountPage({ t, password, person, numbers, bindings, roles, sessions, account, open }: Account) {
  const binding = bindings.find(each => each.number === person.number && each.ended_at === null)
  return {
    title: t('账户信息'), bound: binding !== undefined,
    facts: [
      { label: t('姓名'), value: person.name },
      { label: t('学工号'), value: person.number },
      { label: t('身份'), value: t(kindLabels[person.kind === 'staff' ? 'staff' : 'student']) },
      { label: t('部门'), value: person.unit_name },
      { label: t(account?.document_type === 'passport' ? '护照号码' : '身份证号码'), value: open.document === null ? undefined : maskDocument(open.document) },
      { label: t('企业微信账号'), value: binding?.userid ?? t('没有绑定。从企业微信打开办事大厅并登录一次就会绑定') },
      { label: t('角色'), value: roleWords(t, roles) },
    ],
    numbers: numbers.length < 2 ? [] : numbers.map(each => ({
      title: each.number, note: [t(standings[each.standing].label), each.unit_name, each.level, each.entered_on.slice(0, 4)].filter(Boolean).join(' · '),
      ...(each.number === person.number && { tag: { text: t('现在的身份'), meaning: 'green' } }),
    })),
    security: [
      ...(password === undefined ? [] : [{ title: t('修改密码'), icon: 'key', href: password, ...(!password.startsWith('/') && { note: t('密码由学校的统一身份认证管理，到那里修改') }) }]),
      { title: t('设置手机'), icon: 'phone', href: '/account/phone', note: phoneNote(t, open.phone, account?.phone_proven_at ?? null) },
      { title: t('设置邮箱'), icon: 'mail', href: '/account/email', note: emailNote(t, account?.email ?? null, account?.email_proven_at ?? null) },
      { title: t('已登录的设备'), icon: 'web', href: '/account/devices', note: t('{n} 个设备', { n: sessions }) },
      { title: t('登录记录'), icon: 'clock', href: '/account/history' },
      ...(person.wants_second_factor ? [{ title: t('二次验证'), note: t('换一批恢复码，手机不在身边时用'), icon: 'shield', href: '/account/factor/codes' }] : []),
      ...(binding ? [{ title: t('解除绑定'), note: t('更换学工号或微信前先解除绑定'), icon: 'link', href: '/account/unbinding' }] : []),
    ],
  }
}

function phoneNote(t: T, phone: string | null, proven_at: number | null): string {
  return phone === null ? t('还没有设置') : `${maskPhone(phone)} · ${proven_at === null ? t('未验证') : t('已验证')}`
}

function emailNote(t: T, email: string | null, proven_at: number | null): string {
  return email === null ? t('还没有设置') : `${maskEmail(email)} · ${proven_at === null ? t('未确认') : t('已确认')}`
}

const SCOPES = { all: '全校', unit: '已撤销的部门', item: '一个离校环节', service: '一个事项' } as const

/** 教务员（全校）, 辅导员（文学院） */
export function roleWords(t: T, roles: Account['roles']): string {
  if (roles.length === 0) return t('没有特别的角色')
  return roles.map(({ role, scope_kind, unit_name }) => `${t(roleLabel(role))}（${unit_name ?? t(SCOPES[scope_kind])}）`).join('、')
}
