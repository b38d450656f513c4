import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Feature } from '../../platform/feature.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Services } from '../services/index.ts'
import { hallRoutes } from './routes.ts'

export type HallDeps = {
  database: Pick<Database, 'db'>
  clock: Clock
  approvals: Pick<Approvals, 'todoOf'>
  services: Pick<Services, 'all' | 'latestOf'>
}

/** Where everyone arrives: what waits, what can be done, how to find it. */
export function createHall(deps: HallDeps): Feature {
  return {
    name: 'hall',
    routes: app => hallRoutes(app, deps),
    hallMenu: [{ label: '首页', href: '/', tab: 'home' }, { label: '我的服务', href: '/services' }],
  }
}
