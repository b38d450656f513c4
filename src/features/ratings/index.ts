import type { Clock } from '../../platform/clock.ts'
import type { Database, Db } from '../../platform/db.ts'
import type { Feature } from '../../platform/feature.ts'
import { textIn } from '../../platform/text.ts'
import { defineReaction } from '../../platform/events.ts'
import { applicationForgotten, type Offers } from '../services/index.ts'
import { consoleRoutes } from './console-routes.ts'
import { labels } from './events.ts'
import { remindWork } from './jobs.ts'
import { offerPage } from './pages.ts'
import { routes } from './routes.ts'
import { followUpMachine, stepText, whyNotRate } from './rules.ts'
import { countsOf, emptyRating, ratingOf, ratingsOf } from './store.ts'
import { createVerbs, type VerbDeps } from './verbs.ts'

export { followUpAnswered, followUpClosed, followUpOpened, rated } from './events.ts'

export type Deps = VerbDeps & { database: Database; clock: Clock }

export type Ratings = Feature & {
  /** The question on the page of an application that has ended, and what was answered. */
  offer: Offers
  /** How often each step (5 非常满意 … 1 非常不满意) was given to a service. */
  countsOf(db: Db, service_key: string): Promise<Map<number, number>>
}

const MOST = 500

/** 好差评: one rating for each application that has ended; a bad one is followed up by the department. */
export function createRatings(deps: Deps): Ratings {
  const verbs = createVerbs(deps)
  return {
    name: 'ratings',
    routes: routes({ ...deps, verbs }),
    console: [{ right: 'ratings.follow', routes: consoleRoutes({ ...deps, verbs }) }],
    consoleMenu: [
      { group: '业务', label: '差评跟进', href: '/admin/follow-ups', icon: 'chat', right: 'ratings.follow' },
      { group: '业务', label: '满意度', href: '/admin/ratings', icon: 'star', right: 'ratings.follow' },
    ],
    jobs: [remindWork({ ...deps, verbs })],
    machines: [followUpMachine],
    labels,
    // What is said about an application goes with its content; the figures stay.
    reactions: [defineReaction(applicationForgotten, (tx, { application_id }) => emptyRating(tx, application_id))],
    personal: async (db, person_id) => [{
      label: '评价', purpose: '改进办事服务，答复你的意见', source: '你填写的评价', term: '意见和申请的内容一起删除，评分留着',
      entries: (await ratingsOf(db, person_id, MOST)).map(({ title, number, step, words, changed_at }) => ({
        title, at: changed_at, facts: [{ label: '申请编号', value: number }, { label: '评价', value: textIn('zh')(stepText(step)) }, ...words ? [{ label: '意见', value: words }] : []],
      })),
    }],
    async offer(db, t, application, viewer) {
      if (application.person_id !== viewer.person_id) return null
      const rating = await ratingOf(db, application.id)
      return offerPage(t, { application_id: application.id, rating, open: whyNotRate(application, rating, viewer, deps.clock.now()) === null })
    },
    countsOf,
  }
}
