import type { Feature } from '../../platform/feature.ts'
import { work } from '../../platform/jobs.ts'
import type { Deps } from './deps.ts'
import { moveBegun } from './events.ts'
import { actRoutes } from './routes/acts.ts'
import { caseRoutes } from './routes/cases.ts'
import { handoverRoutes } from './routes/handovers.ts'
import { moveRoutes } from './routes/moves.ts'
import { moveSome } from './verbs/move.ts'
import { moveSlice } from './work.ts'

export type { Deps as CasesDeps } from './deps.ts'
export { moveBegun } from './events.ts'

/** Applications under way as the console sees them, and what administrators do about them. */
export function createCases(deps: Deps): Feature {
  return {
    name: 'cases',
    console: [
      { right: 'cases.manage', routes: caseRoutes(deps) },
      { right: 'cases.manage', routes: actRoutes(deps, 'cases.manage') },
      { right: 'cases.override', routes: actRoutes(deps, 'cases.override') },
      { right: 'cases.override', routes: moveRoutes(deps) },
      { right: 'cases.override', routes: handoverRoutes(deps) },
    ],
    consoleMenu: [
      { group: '业务', label: '申请', href: '/admin/applications', icon: 'file', right: 'cases.manage' },
      { group: '业务', label: '待办交接', href: '/admin/handovers', icon: 'swap', right: 'cases.override' },
      { group: '业务', label: '版本迁移', href: '/admin/moves', icon: 'arrow-right', right: 'cases.override' },
    ],
    jobs: [work(moveSlice, async ({ move_id }) => await moveSome(deps, move_id) ? undefined : { later: 0 })],
    labels: { [moveBegun.name]: { text: '{actor} 开始迁移申请到其他版本', tone: 'quiet', href: ({ move_id }) => `/admin/moves/${String(move_id)}` } },
  }
}
