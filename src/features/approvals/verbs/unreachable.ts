import { listEvents } from '../../../platform/event-register.ts'
import type { Tx } from '../../../platform/db.ts'
import { emit } from '../../../platform/events.ts'
import { textIn } from '../../../platform/text.ts'
import type { VerbDeps } from '../deps.ts'
import { holderUnreachable } from '../events.ts'
import { openCountOf, openTasksOf } from '../store-tasks.ts'

// Messages are kept as sent; the languages people read them in are the pages' matter.
const t = textIn('zh')

/** So often the administrators hear of the same person, ms. */
const EVERY = 86_400_000

/** What WeCom says where it is the receiver and not the message that is wrong. */
const OF_RECEIVER: ReadonlySet<string> = new Set(['invaliduser', 'unlicenseduser', '40003', '46004', '50002', '60011', '60021', '60111', '81013'].map(code => `wecom:${code}`))

export function isOfReceiver(code: string | null): boolean {
  return code !== null && OF_RECEIVER.has(code)
}

/** Tells the administrators of a person who holds tasks and cannot be told so: they stay with the person, and in the hall everything goes on. */
export async function reportUnreachable({ clock, directory, messages }: VerbDeps, tx: Tx, { person_id, reason }: { person_id: string; reason: string }): Promise<void> {
  const [task] = await openTasksOf(tx, person_id, { limit: 1 })
  const [last] = await listEvents(tx, { name: holderUnreachable.name, subject: person_id, limit: 1 })
  if (!task || (last && last.at > clock.now() - EVERY)) return
  await emit(tx, holderUnreachable, { person_id, reason }, { subject: person_id, actor: null })
  const title = t('{name}有 {n} 项待办，但收不到企业微信通知', { name: task.person_name, n: await openCountOf(tx, person_id) })
  await messages.tellAll(tx, (await directory(tx).admins()).filter(id => id !== person_id).map(to => ({
    to, kind: 'approvals.unreachable', title, subject: person_id, url: `/admin/people/${person_id}`,
    lines: [{ label: t('原因'), value: t(reason) }, { label: t('怎么办'), value: t('请本人绑定或恢复企业微信，或者改派、交接给别人') }],
  })))
}
