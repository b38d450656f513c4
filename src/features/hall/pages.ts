import { schoolHour } from '../../platform/dates.ts'
import type { T } from '../../platform/text.ts'
import type { SignedIn } from '../../platform/web.ts'
import type { TaskView } from '../approvals/index.ts'
import type { Findable, ShortRow } from '../services/index.ts'

export function greeting(t: T, { name, unit_name }: SignedIn, now: number): { hello: string; unit: string } {
  const hour = schoolHour(now)
  const part = hour < 5 ? '夜深了' : hour < 11 ? '早上好' : hour < 13 ? '中午好' : hour < 18 ? '下午好' : '晚上好'
  return { hello: t('{name}，{part}', { name, part: t(part) }), unit: unit_name }
}

/** 待办 as the first card; null where nothing waits. */
export function todoCard(t: T, { count, tasks }: { count: number; tasks: readonly TaskView[] }) {
  if (count === 0) return null
  return {
    count, href: '/received',
    items: tasks.map(task => ({ title: t('{name}的{title}', { name: task.applicant_name, title: t(task.title) }), note: t(task.label), href: task.url, time: task.created_at })),
  }
}

/** The answer to a search; null where nothing was asked. */
export function searchPage(t: T, q: string, found: readonly Findable[]) {
  return q === '' ? null : { items: found.map(service => serviceCell(t, service)), title: t('“{q}”的搜索结果', { q }) }
}

export function categoriesOf(t: T, all: readonly Findable[]) {
  return [...Map.groupBy(all, service => service.category)].map(([category, members]) => ({
    title: category, note: t('{n} 项服务', { n: members.length }), href: `/services?category=${encodeURIComponent(category)}`, icon: 'grid',
  }))
}

/** 我的服务: all services under their categories, or one category. */
export function servicesPage(t: T, all: readonly Findable[], category: string) {
  const groups = [...Map.groupBy(all, service => service.category)]
  const shown = groups.filter(([name]) => category === '' || name === category)
  return {
    segments: [{ label: t('全部'), href: '/services', current: category === '' }, ...groups.map(([name]) => ({ label: name, href: `/services?category=${encodeURIComponent(name)}`, current: name === category }))],
    groups: shown.map(([name, members]) => ({ title: name, items: members.map(service => serviceCell(t, service)) })),
  }
}

function serviceCell(t: T, { title, summary, icon, href, own }: Findable) {
  return { title, note: own ? summary : t('{summary}（不对当前身份开放）', { summary }), icon, href }
}

export function draftCell(t: T, { title, service_key, saved_at }: ShortRow) {
  return { title: t(title), note: t('继续填写'), href: `/services/${service_key}/apply`, icon: 'edit', time: saved_at }
}
