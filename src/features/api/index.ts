import type { Feature } from '../../platform/feature.ts'
import type { Deps } from './deps.ts'
import { labels } from './events.ts'
import { createJobs } from './jobs.ts'
import { callRoutes, type Described } from './routes/calls.ts'
import { clientRoutes } from './routes/clients.ts'
import { docsRoutes } from './routes/docs.ts'

export type { Caller } from './caller.ts'
export { clientChanged, clientEnded, clientEnding, clientMade, tokenEnded, tokenMade } from './events.ts'
export { actorOf } from './verbs.ts'

/** Other systems of the school: their tokens, limits and trail. What they may call is brought by the features (`api` in their index.ts). */
export function createApi(deps: Deps): Feature {
  const described: Described = { document: null }
  return {
    name: 'api',
    machineRoutes: callRoutes(deps, described),
    publicRoutes: docsRoutes(deps, described),
    console: [{ right: 'api.manage', routes: clientRoutes(deps), recent: true }],
    consoleMenu: [{ group: '运行', label: '接口', href: '/admin/api', icon: 'link', right: 'api.manage' }],
    jobs: createJobs(deps),
    labels,
  }
}
