import type { Feature } from '../../platform/feature.ts'
import { createBoard } from './board.ts'
import type { Context, HallDeps } from './deps.ts'
import { withEntries } from './entries.ts'
import { labels } from './events.ts'
import { announcementRoutes } from './routes/announcements.ts'
import { announcementConsole } from './routes/console-announcements.ts'
import { slideConsole } from './routes/console-slides.ts'
import { synonymConsole } from './routes/console-synonyms.ts'
import { favouriteRoutes } from './routes/favourites.ts'
import { homeRoutes } from './routes/home.ts'
import { pictureRoutes } from './routes/pictures.ts'
import { serviceRoutes } from './routes/services.ts'
import { readerOf } from './store/readers.ts'
import { picturesAmong } from './store/slides.ts'
import { verbs } from './verbs/index.ts'

export type { Entry } from './entries.ts'

/** Where everyone arrives: what waits, what can be done, how to find it, what the school has to say. */
export function createHall(deps: HallDeps): Feature {
  const { entries = () => [] } = deps
  const context: Context = { ...deps, services: { ...deps.services, all: withEntries(deps.services.all, entries) }, board: createBoard(deps), verbs }
  return {
    name: 'hall',
    async routes(app) {
      for (const routes of [homeRoutes, serviceRoutes, favouriteRoutes, announcementRoutes, pictureRoutes]) await app.register(routes, { context })
    },
    console: [announcementConsole, slideConsole, synonymConsole].map(routes => ({ right: 'hall.manage', routes: routes(context) })),
    hallMenu: [{ label: '首页', href: '/', tab: 'home' }, { label: '我的服务', href: '/services' }],
    consoleMenu: [
      { group: '业务', label: '公告', href: '/admin/announcements', icon: 'megaphone', right: 'hall.manage' },
      { group: '业务', label: '轮播图', href: '/admin/slides', icon: 'image', right: 'hall.manage' },
      { group: '业务', label: '搜索词', href: '/admin/synonyms', icon: 'search', right: 'hall.manage' },
    ],
    personal: async (db, person_id) => [{
      label: '收藏的服务', purpose: '在首页上放你常用的服务', source: '你点的星标', term: '取消收藏就删除',
      entries: (await readerOf(db, person_id)).favourites.map(key => ({ title: [...deps.services.titles(), ...entries()].find(each => each.key === key)?.title ?? key, facts: [] })),
    }],
    filesNeeded: picturesAmong,
    labels,
  }
}
