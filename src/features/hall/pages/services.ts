import type { T } from '../../../platform/text.ts'
import type { Findable } from '../../services/index.ts'
import { type Filter, filterPath, fitsFilter, type Scope, SCOPES } from '../rules/filter.ts'
import type { Shelf } from '../shelf.ts'
import { type Stops, whyClosed } from './closed.ts'

const SCOPE_WORDS: Record<Scope, string> = { mine: '我能办的', student: '学生', staff: '教职工', all: '全部' }
/** Of each category, where all are shown. */
const FEW = 6
const PAGE = 50

/** 我的服务: a few of every category, or one category page by page. */
export function servicesPage(t: T, { all }: Shelf, filter: Filter, stops: Stops) {
  const { scope, category, page } = filter
  const inScope = all.filter(service => fitsFilter(service, { scope, category: '' }))
  const groups = [...Map.groupBy(inScope, service => service.category)]
  return {
    scopes: SCOPES.map(each => ({ label: t(SCOPE_WORDS[each]), href: filterPath({ scope: each, q: filter.q }), current: each === scope })),
    segments: [{ label: t('全部'), href: filterPath({ scope }), current: category === '' }, ...groups.map(([name]) => ({ label: name, href: filterPath({ scope, category: name }), current: name === category }))],
    groups: category === '' ? groups.map(group => beginning(t, scope, group, stops)) : groups.filter(([name]) => name === category).map(group => onePage(t, group, page, stops)),
    ...(category !== '' && pages(filter, groups.find(([name]) => name === category)?.[1].length ?? 0)),
    empty: scope === 'mine' ? { icon: 'grid', title: t('没有对当前身份开放的服务'), action: { label: t('看全部服务'), href: filterPath({ scope: 'all' }) } }
      : { icon: 'grid', title: t('这个分类里没有服务'), action: { label: t('看全部服务'), href: filterPath({}) } },
  }
}

function beginning(t: T, scope: Scope, [category, members]: [string, Findable[]], stops: Stops) {
  const more = members.length > FEW ? { label: t('全部 {n} 项', { n: members.length }), href: filterPath({ scope, category }) } : undefined
  return { title: category, items: members.slice(0, FEW).map(service => serviceLine(t, service, stops)), link: more }
}

function onePage(t: T, [category, members]: [string, Findable[]], page: number, stops: Stops) {
  return { title: category, items: members.slice((page - 1) * PAGE, page * PAGE).map(service => serviceLine(t, service, stops)) }
}

function pages(filter: Filter, count: number) {
  const { page } = filter
  if (count <= PAGE) return {}
  return { pager: { ...(page > 1 && { previous: filterPath({ ...filter, page: page - 1 }) }), ...(count > page * PAGE && { next: filterPath({ ...filter, page: page + 1 }) }) } }
}

/** As what a search found is shown. */
function serviceLine(t: T, service: Findable, stops: Stops) {
  const { key, title, summary, icon, href } = service
  return { key, title, icon, href, titleParts: [{ text: title }], note: { before: '', parts: [{ text: summary }] }, closed: whyClosed(t, service, stops) }
}
