import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Db } from '../../platform/db.ts'
import type { T } from '../../platform/text.ts'
import { PARTS, STATUSES } from './pages.ts'
import { countByStatus, listByStatus, type Open } from './store/deliveries.ts'

const PAGE = 50
/** Figures are counted up to here. */
const MOST = 1000
const WAITING = ['held', 'waiting', 'queued', 'unknown', 'refused', 'bounced'] as const

const Query = Type.Object({ status: Type.Optional(Type.Enum([...WAITING])), before: Type.Optional(Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' })) })

export type Names = (db: Db, person_ids: readonly string[]) => Promise<readonly { id: string; name: string }[]>

/** What has not arrived, by why: to whom and since when; what it says is nobody's business here. */
export function consoleRoutes(db: Db, peopleByIds: Names): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: Static<typeof Query> }>('/messages', { schema: { querystring: Query } }, async (request, reply) => {
      const { t, query: { status = 'held', before } } = request
      const found = await listByStatus(db, status, { before, limit: PAGE + 1 })
      const rows = found.slice(0, PAGE)
      const names = new Map((await peopleByIds(db, [...new Set(rows.flatMap(row => row.person_id ?? []))])).map(person => [person.id, person.name]))
      const counts = await Promise.all(WAITING.map(each => countByStatus(db, each, MOST)))
      return reply.console('messages/waiting', {
        title: t('通知'), lead: t('还没有送到的通知'), empty: t('没有这样的通知'), due: status === 'held' || status === 'queued',
        segments: WAITING.map((each, index) => ({ label: t(STATUSES[each].text), href: `?status=${each}`, current: each === status, count: counts[index] })),
        rows: rows.map(row => waitingRow(t, row, names)), next: found.length > PAGE ? `?status=${status}&before=${rows.at(-1)?.id ?? ''}` : undefined,
      })
    })
  }
}

function waitingRow(t: T, { id, person_id, part, reason, created_at, due_at }: Open, names: ReadonlyMap<string, string>) {
  return { id, cells: {
    person: names.get(person_id ?? '') ?? t('未登记的收件人'), part: t(PARTS[part]), reason: reason ? t(reason) : '',
    created_at: { text: '', time: created_at }, due_at: due_at === null ? '' : { text: '', time: due_at },
  } }
}
