import type { T } from '../../../platform/text.ts'
import { standings } from '../rules/standing.ts'
import type { Binding } from '../store/bindings.ts'
import type { numbersOf, Person } from '../store/people.ts'

/** `to`: one of the person's numbers, or `other` with the number of somebody else in `other`. */
export type Choice = { number?: string; to?: string; other?: string }

type Choosing = { t: T; id: string; binding: Binding; numbers: Awaited<ReturnType<typeof numbersOf>>; choice: Choice; errors: Record<string, string> }

/** Which number is to receive the binding. */
export function choicePage({ t, id, binding, numbers, choice, errors }: Choosing) {
  const own = numbers.map(each => ({ value: each.number, text: each.number, help: [t(standings[each.standing].label), each.unit_name, each.level].filter(Boolean).join(' · ') }))
  return {
    title: t('转移绑定'), lead: t('企业微信账号 {userid}，现在绑定学工号 {number}', { userid: binding.userid, number: binding.number }), back: { label: t('返回'), href: `/admin/people/${id}` },
    action: `/admin/people/${id}/binding`, number: binding.number, errors,
    to: own.length === 0 ? undefined : { name: 'to', label: t('转移到哪个学工号'), type: 'radio', required: true, value: choice.to ?? own[0]?.value, error: errors['to'], options: [...own, { value: 'other', text: t('另一个人的学工号'), help: t('绑错了人的时候') }] },
    other: { name: 'other', label: own.length === 0 ? t('转移到哪个学工号') : t('另一个人的学工号'), required: own.length === 0, value: choice.other, error: errors['other'], maxlength: 40, autocomplete: 'off', help: own.length === 0 ? t('绑错了人的时候，填正确的那个人的学工号。下一步会显示姓名，核对以后才转移') : t('选了“另一个人的学工号”才填。下一步会显示姓名，核对以后才转移') },
  }
}

type Asking = { t: T; binding: Binding; from: Person; target: Person; reason: string; errors: Record<string, string> }

/** Before and after, and why. */
export function movePage({ t, binding, from, target, reason, errors }: Asking) {
  const rows = ({ name, number, unit_name, standing }: Person) => [
    { label: t('企业微信账号'), value: binding.userid }, { label: t('学工号'), value: number }, { label: t('姓名'), value: name }, { label: t('部门'), value: unit_name }, { label: t('状态'), value: t(standings[standing].label) },
  ]
  return {
    title: t('转移绑定'), back: { label: from.name, href: `/admin/people/${from.id}` }, errors, action: `/admin/people/${from.id}/binding`, binding: binding.id, to: target.number,
    again: `/admin/people/${from.id}/binding?number=${encodeURIComponent(binding.number)}`,
    before: rows(from), after: rows(target),
    sentence: from.id === target.id ? t('请先核实本人，再转移') : t('这是两个不同的人。请先核实这个企业微信账号是{name}本人在用，再转移', { name: target.name }),
    effects: [
      t('学工号 {number} 在所有设备上的登录立即结束', { number: from.number }),
      t('以后从这个企业微信账号打开办事大厅，就是{name}（{number}）', { name: target.name, number: target.number }),
      t('申请和待办不会丢。企业微信里已经发出的待办卡片会失效，等着的通知发到新的绑定'),
      from.id === target.id ? t('本人会收到通知') : t('两个人都会收到通知'),
    ],
    reason: { name: 'reason', label: t('原因'), type: 'textarea', rows: 2, required: true, value: reason, maxlength: 200, error: errors['reason'], help: t('写明怎样核实了本人，会留在记录里') },
  }
}
