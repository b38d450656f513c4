import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import type { MoveForecast, Refusal } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { type Carried, carryOver } from '../rules/carry.ts'
import { type Application, getApplication, lockApplication } from '../store/applications.ts'
import { setVersion } from '../store/cases.ts'
import type { Version } from '../versions.ts'
import { toldOf } from './submit.ts'

/** What moving one application to another version of its service would change; `refusal`: why it cannot be. */
export type VersionForecast = Omit<MoveForecast, 'refusal'> & Pick<Carried, 'gone' | 'missing' | 'unfit'> & { from: number; to: number; refusal: Refusal | null }

/** The same questions as `changeVersion` asks; writes nothing. */
export async function foreseeVersion(context: Context, db: Db, application_id: string, version_id: string): Promise<VersionForecast> {
  const row = await getApplication(db, application_id)
  const [from, to] = [await context.versions.get(db, row.version_id), await context.versions.get(db, version_id)]
  const carried = carryOver(from.form, to.form, row.form ?? {})
  const refusal = whyNotChange(row, { from, to }, carried)
  const { instance_id } = row
  const { values: _, ...form } = carried
  if (refusal || instance_id === null) return { refusal, before: [], after: [], withdrawn: [], asked: [], ...form, from: from.number, to: to.number }
  const forecast = await context.approvals.foreseeMove(db, { instance_id, flow: to.definition.flow, form: carried.values })
  return { ...forecast, ...form, from: from.number, to: to.number }
}

/** 迁移: the application goes on with another version of its service. Throws `conflict` that says why where it cannot. Who may, the route says. */
export async function changeVersion(context: Context, tx: Tx, actor: Actor, { application_id, version_id, reason }: { application_id: string; version_id: string; reason: string }): Promise<void> {
  const row = await lockApplication(tx, application_id)
  const [from, to] = [await context.versions.get(tx, row.version_id), await context.versions.get(tx, version_id)]
  const carried = carryOver(from.form, to.form, row.form ?? {})
  const refusal = whyNotChange(row, { from, to }, carried)
  if (refusal) throw new AppError(refusal.kind, refusal.sentence, refusal.params && { params: refusal.params })
  await setVersion(tx, application_id, { version_id, title: to.definition.title, form: carried.values })
  await context.approvals.changeFlow(tx, actor, {
    instance_id: row.instance_id ?? '', flow: to.definition.flow, whom: `v${from.number} → v${to.number}`, reason, title: to.definition.title, ...await toldOf(context, tx, to, carried.values),
  })
}

type Between = { from: Version; to: Version }

/** What is with its applicant may lack something: it is asked before it is sent again. What is under way would never be asked. */
function whyNotChange({ status, instance_id, service_key }: Application, { from, to }: Between, { missing, unfit }: Carried): Refusal | null {
  const conflict = (sentence: string, label?: string): Refusal => ({ kind: 'conflict', sentence, ...(label !== undefined && { params: { label } }) })
  if (service_key !== to.service_key) return conflict('这不是同一个事项的版本')
  if (instance_id === null || (status !== 'running' && status !== 'returned')) return conflict('已经结束的申请不能迁移')
  if (from.id === to.id) return conflict('已经在这个版本上')
  if (status === 'returned') return null
  if (unfit[0] !== undefined) return conflict('“{label}”的内容不合新版本的要求，请先退回申请人，再迁移', unfit[0])
  return missing[0] === undefined ? null : conflict('新版本要求填写“{label}”，请先退回申请人，再迁移', missing[0])
}
