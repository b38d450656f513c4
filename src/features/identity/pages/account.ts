import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import { maskPhone } from '../rules/mask.ts'
import { roleLabel } from '../rules/roles.ts'
import { kindLabels, standings, wayLabels } from '../rules/standing.ts'
import type { bindingsOf } from '../store/bindings.ts'
import type { numbersOf } from '../store/people.ts'
import type { rolesOf } from '../store/roles.ts'
import type { listSessions } from '../store/sessions.ts'

type Account = {
  t: T
  person: SignedIn
  number: string
  numbers: Awaited<ReturnType<typeof numbersOf>>
  bindings: Awaited<ReturnType<typeof bindingsOf>>
  roles: Awaited<ReturnType<typeof rolesOf>>
  sessions: Awaited<ReturnType<typeof listSessions>>
  /** key of the session that asks */
  current: string
  email: string | null
  phone: string | null
  errors: Record<string, string>
}

export function accountPage({ t, person, number, numbers, bindings, roles, sessions, current, email, phone, errors }: Account) {
  const binding = bindings.find(each => each.number === number && each.ended_at === null)
  const others = numbers.filter(each => each.number !== number)
  return {
    title: t('账户信息'), errors, bound: binding !== undefined, others: sessions.length > 1,
    facts: [
      { label: t('姓名'), value: person.name },
      { label: t('学工号'), value: number },
      { label: t('身份'), value: t(kindLabels[person.kind === 'staff' ? 'staff' : 'student']) },
      { label: t('部门'), value: person.unit_name },
      { label: t('企业微信账号'), value: binding?.userid ?? t('没有绑定。从企业微信打开办事大厅并登录一次就会绑定') },
      { label: t('角色'), value: roleWords(t, roles) },
      { label: t('手机号'), value: phone === null ? undefined : maskPhone(phone) },
      { label: t('电子邮箱'), value: email },
    ],
    numbers: others.map(each => ({ title: each.number, note: [t(standings[each.standing].label), each.unit_name, each.level, each.entered_on.slice(0, 4)].filter(Boolean).join(' · ') })),
    sessions: sessions.map(session => ({
      id: session.id, current: session.id === current, device: session.device ?? t('未知设备'), seen_at: session.seen_at,
      note: `${session.way ? t(wayLabels[session.way]) : ''} · ${session.number ?? ''}`,
    })),
  }
}

/** 教务员（全校）, 辅导员（文学院） */
export function roleWords(t: T, roles: Account['roles']): string {
  if (roles.length === 0) return t('没有特别的角色')
  return roles.map(({ role, unit_name }) => `${t(roleLabel(role))}（${unit_name ?? t('全校')}）`).join('、')
}
