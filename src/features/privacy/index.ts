import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import type { Feature } from '../../platform/feature.ts'
import type { SeparateConsents } from '../identity/index.ts'
import { consoleRoutes, type Identity } from './console-routes.ts'
import { ownData } from './data.ts'
import { labels } from './events.ts'
import { readNotices, WHOLE_HALL } from './notices.ts'
import { noticeFor } from './pages.ts'
import { publicRoutes, routes } from './routes.ts'
import { createVerbs, type Verbs } from './verbs.ts'

export { consentGiven, consentWithdrawn } from './events.ts'
export { WHOLE_HALL } from './notices.ts'

type Deps = {
  database: Database; clock: Clock; identity: Identity
  school: { name: string; nameEn: string }
  /** folder of the notices */
  folder: string
  /** all of them, to ask each what it keeps about a person */
  features(): readonly Feature[]
}

export type Privacy = Feature & SeparateConsents & Pick<Verbs, 'agreeElsewhere' | 'withdraw'>

// What may be done without having agreed: reading the notice, deciding, the first password, and leaving.
const WITHOUT = /^\/(privacy\/consent|account\/password)(\?|$)/

/** What people are told about their data, what they agreed to, and everything that is kept about them. */
export function createPrivacy(deps: Deps): Privacy {
  const { database: { db } } = deps
  const notices = readNotices(deps.folder, deps.school)
  const verbs = createVerbs(notices)
  const parts = { ...deps, verbs, notices }
  return {
    name: 'privacy',
    hallMenu: [{ group: '我的', label: '我的信息', href: '/account/data' }, { group: '帮助', label: '隐私说明', href: '/privacy' }],
    publicRoutes: publicRoutes(parts),
    routes: routes(parts),
    console: [{ right: 'people.reveal', routes: consoleRoutes(parts), recent: true }],
    personal: (reading, person_id) => ownData(reading, person_id),
    labels,
    noticeFor: (name, language) => noticeFor(notices, name, language),
    agreed: verbs.agreed, agreedAmong: verbs.agreedAmong, agree: verbs.agree, agreeOnce: verbs.agreeOnce, agreeElsewhere: verbs.agreeElsewhere, withdraw: verbs.withdraw,
    /** Asks for the consent once, and again when the text is another. */
    async gate(request, reply) {
      const { visitor, session } = request
      if (!visitor || WITHOUT.test(request.url) || session.consented === notices.get(WHOLE_HALL)?.hash) return undefined
      if (await verbs.agreed(db, visitor.person_id, WHOLE_HALL)) {
        const hash = notices.get(WHOLE_HALL)?.hash
        if (hash !== undefined) session.consented = hash
        return undefined
      }
      if (!['GET', 'HEAD'].includes(request.method)) throw new AppError('forbidden', '请先阅读隐私说明，同意以后再操作', { code: 'consent-due' })
      return reply.redirect(`/privacy/consent?to=${encodeURIComponent(request.url)}`, 303)
    },
  }
}
