import { schoolTime } from '../../platform/dates.ts'
import type { T } from '../../platform/text.ts'
import type { Context } from './deps.ts'
import type { Typing } from './routes/typing.ts'
import { lookedAt } from './rules/reserving.ts'
import { listTaken } from './store/reservations.ts'

/** As many as anybody reads; who wants a later time looks at a later day. */
const MOST = 20

/** Beside the time that a form reserves: what is taken already, so that nobody has to try. By whom is nobody's business. Null where nothing is reserved. */
export async function takenBeside({ database: { db }, clock }: Pick<Context, 'database' | 'clock'>, t: T, { application, version, values }: Pick<Typing, 'application' | 'version' | 'values'>): Promise<{ field: string; text: string } | null> {
  const { reserves, fields } = version.definition.form
  if (!reserves) return null
  const labelOf = (key: string) => t(fields.find(field => field.key === key)?.label ?? key)
  const looked = lookedAt(reserves, values, schoolTime(clock.now()).date)
  const wanted = [reserves.what, ...reserves.on === undefined ? [] : [reserves.on]].map(labelOf).join(t('、'))
  if (!looked) return { field: reserves.during, text: t('选好“{fields}”以后，这里会列出已有人预约的时间', { fields: wanted }) }
  const rows = await listTaken(db, { thing: `${application.service_key}/${looked.what}`, from: looked.from, to: looked.to, except: application.id, limit: MOST })
  const words = (at: string) => reserves.on === undefined ? at.slice(5, 10) : at.slice(11)
  return { field: reserves.during, text: rows.length === 0 ? t('还没有人预约') : t('已有人预约：{times}', { times: rows.map(({ starts, ends }) => `${words(starts)}–${words(ends)}`).join(t('，')) }) }
}
