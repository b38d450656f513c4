import type { Db } from '../../platform/db.ts'
import type { Feature } from '../../platform/feature.ts'
import { call, type CallRequest } from './call.ts'
import type { Deps } from './deps.ts'
import { connectionChanged, connectionMade, connectionRemoved, connectionTested } from './events.ts'
import { testWork } from './jobs.ts'
import { connectionRoutes } from './routes/connections.ts'
import { sealedColumns } from './sealed.ts'
import { connectionNames } from './store.ts'

export type Connections = Feature & {
  /** Calls another system over a connection, outside any transaction; what it throws `call.ts` says. */
  call(name: string, request: CallRequest, signal: AbortSignal): Promise<{ status: number; body: string }>
  /** What there is to call. */
  names(db: Db): Promise<ReadonlySet<string>>
}

/** Other systems that flows may call: where, how, with which secrets. */
export function createConnections(deps: Deps): Connections {
  return {
    name: 'connections',
    console: [{ right: 'connections.manage', routes: connectionRoutes(deps), recent: true }],
    consoleMenu: [{ group: '运行', label: '外部连接', href: '/admin/connections', icon: 'link', right: 'connections.manage' }],
    jobs: [testWork(deps)],
    sealed: sealedColumns,
    labels: {
      [connectionMade.name]: { text: '{actor} 新建了外部连接', tone: 'quiet' },
      [connectionChanged.name]: { text: '{actor} 修改了外部连接', tone: 'quiet' },
      [connectionRemoved.name]: { text: '{actor} 删除了外部连接', tone: 'quiet' },
      [connectionTested.name]: { text: '{actor} 测试了外部连接', tone: 'quiet' },
    },
    names: connectionNames,
    call: (name, request, signal) => call(deps, deps.database.db, name, request, signal),
  }
}
