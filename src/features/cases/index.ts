import type { Feature } from '../../platform/feature.ts'
import type { Deps } from './deps.ts'
import { exportBegun, exportFetched, moveBegun } from './events.ts'
import { caseWork } from './jobs.ts'
import { actRoutes } from './routes/acts.ts'
import { caseRoutes } from './routes/cases.ts'
import { exportRoutes } from './routes/exports.ts'
import { handoverRoutes } from './routes/handovers.ts'
import { moveRoutes } from './routes/moves.ts'
import { statisticsRoutes } from './routes/statistics.ts'
import { exportFilesAmong } from './store-exports.ts'

export type { Deps as CasesDeps } from './deps.ts'
export { moveBegun } from './events.ts'

/** Applications as the console sees them: found, counted, exported, and what administrators do about those under way. */
export function createCases(deps: Deps): Feature {
  const ofService = { words: ({ service_key }: Record<string, unknown>) => ({ service: deps.services.titles().find(({ key }) => key === service_key)?.title ?? String(service_key) }) }
  return {
    name: 'cases',
    console: [
      { right: 'cases.manage', routes: caseRoutes(deps) },
      { right: 'cases.manage', routes: actRoutes(deps, 'cases.manage') },
      { right: 'cases.manage', routes: statisticsRoutes(deps) },
      { right: 'cases.manage', routes: exportRoutes(deps) },
      { right: 'cases.override', routes: actRoutes(deps, 'cases.override') },
      { right: 'cases.override', routes: moveRoutes(deps) },
      { right: 'cases.override', routes: handoverRoutes(deps) },
    ],
    consoleMenu: [
      { group: '业务', label: '申请', href: '/admin/applications', icon: 'file', right: 'cases.manage' },
      { group: '业务', label: '办理统计', href: '/admin/statistics', icon: 'chart', right: 'cases.manage' },
      { group: '业务', label: '待办交接', href: '/admin/handovers', icon: 'swap', right: 'cases.override' },
      { group: '业务', label: '版本迁移', href: '/admin/moves', icon: 'arrow-right', right: 'cases.override' },
    ],
    filesNeeded: exportFilesAmong,
    jobs: caseWork(deps),
    labels: {
      [moveBegun.name]: { text: '{actor} 开始迁移申请到其他版本', tone: 'quiet', href: ({ move_id }) => `/admin/moves/${String(move_id)}` },
      [exportBegun.name]: { text: '{actor} 导出了 {total} 份申请（{service}）', tone: 'quiet', ...ofService },
      [exportFetched.name]: { text: '{actor} 下载了导出的 {total} 份申请（{service}）', tone: 'quiet', ...ofService },
    },
  }
}
