import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import { schoolTime } from '../../../platform/dates.ts'
import { textIn } from '../../../platform/text.ts'
import type { Context, Person } from '../deps.ts'
import { applicationForgotten, applicationHeld, applicationReleased } from '../events.ts'
import { NOTICE } from '../rules/keeping.ts'
import { deleteDraft } from '../store/applications.ts'
import { deleteParts, emptyRow, type Expiring, lockRow, markWarned, setHold, toWarn } from '../store/keeping.ts'

export const LONGEST_HOLD_REASON = 200

type Holder = Pick<Person, 'person_id' | 'number'>

/** Keeping and deleting; each takes the open transaction first. */
export function keepingVerbs(context: Context) {
  return {
    /** Keeps an application from being deleted. Throws `invalid` without a reason, `conflict` where it is held back or gone already. */
    async hold(tx: Tx, { person_id, number }: Holder, { id, reason }: { id: string; reason: string }): Promise<void> {
      const said = reason.trim()
      if (said === '') throw new AppError('invalid', '请写明为什么要暂缓删除')
      if (!await setHold(tx, id, said)) throw new AppError('conflict', '这份申请的内容已经暂缓删除，或者已经删除')
      await emit(tx, applicationHeld, { application_id: id }, { subject: id, actor: { person_id, number } })
    },

    /** Lets it be deleted again, two weeks after its applicant was told at the earliest. Throws `conflict` where it is not held back. */
    async release(tx: Tx, { person_id, number }: Holder, { id }: { id: string }): Promise<void> {
      if (!await setHold(tx, id, null)) throw new AppError('conflict', '这份申请的内容没有暂缓删除')
      await emit(tx, applicationReleased, { application_id: id }, { subject: id, actor: { person_id, number } })
    },

    /** Tells a person once of all whose day is near. */
    async warn(tx: Tx, person_id: string): Promise<void> {
      const now = tx.bus.clock.now()
      const marked: Expiring[] = []
      for (const row of await toWarn(tx, person_id, now + NOTICE)) {
        if (await markWarned(tx, row, { warned_at: now, until: now + NOTICE })) marked.push({ ...row, expires_at: Math.max(row.expires_at ?? 0, now + NOTICE) })
      }
      if (marked.length > 0) await context.messages.tell(tx, warning(person_id, marked))
    },

    /** Deletes what is over its day, once; what remains is a line without content, and the proof in the trail. */
    async forget(tx: Tx, id: string): Promise<void> {
      const row = await lockRow(tx, id)
      const now = tx.bus.clock.now()
      if (!row || !isDue(row, now)) return
      const deleted = {
        ...await deleteParts(tx, id), ...row.instance_id ? await context.approvals.forget(tx, row.instance_id) : {},
        messages: await context.messages.forget(tx, id),
      }
      if (row.status === 'draft') await deleteDraft(tx, id)
      else await emptyRow(tx, id, now)
      await emit(tx, applicationForgotten, { application_id: id, deleted }, { subject: id, actor: null })
    },
  }
}

/** Is it still to be deleted, now that nobody else can change it? A form that was opened and never typed into needs no word before. */
function isDue({ status, saved_at, expires_at, warned_at, forgotten_at, hold_reason }: NonNullable<Awaited<ReturnType<typeof lockRow>>>, now: number): boolean {
  if (forgotten_at !== null || hold_reason !== null || expires_at === null || expires_at > now) return false
  return warned_at !== null || (status === 'draft' && saved_at === null)
}

const t = textIn('zh')
const MOST_LINES = 6

function warning(person_id: string, rows: readonly Expiring[]) {
  const [first] = rows
  const where = first?.status === 'draft' ? `/services/${first.service_key}/apply` : `/applications/${first?.id}`
  const lines = rows.slice(0, MOST_LINES).map(({ title, number, expires_at }) => ({ label: t('{date} 删除', { date: schoolTime(expires_at ?? 0).date }), value: number === null ? t('{title}（草稿）', { title }) : `${title} ${number}` }))
  return {
    to: person_id, kind: 'services.expiring', subject: person_id, url: rows.length === 1 ? where : '/account/data', lines,
    title: t('你有 {n} 份申请或草稿的保存期限快到了', { n: rows.length }), text: t('到期后内容和附件会删除，不能恢复。需要留存的，请在那之前下载办结单，或者从“我的信息”导出一份'),
  }
}
