import type { T } from '../../../platform/text.ts'
import type { Shelf } from '../shelf.ts'

/** 我的收藏 in the reader's order; what is not offered any more is passed over. */
export function favouritesPage(t: T, favourites: readonly string[], { byKey }: Shelf) {
  const services = favourites.flatMap(key => byKey.get(key) ?? [])
  return {
    title: t('我的收藏'), back: { label: t('首页'), href: '/' },
    items: services.map(({ key, title, summary, icon, href }, at) => ({ key, title, note: summary, icon, href, first: at === 0, last: at === services.length - 1 })),
    empty: { icon: 'star', title: t('还没有收藏'), note: t('在服务页或服务列表里点星标，常用的服务就会出现在这里和首页上'), action: { label: t('看全部服务'), href: '/services' } },
  }
}
