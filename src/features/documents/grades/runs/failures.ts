import { schoolTime } from '../../../../platform/dates.ts'
import type { Db, Tx } from '../../../../platform/db.ts'
import { textIn } from '../../../../platform/text.ts'
import type { Hindrance } from '../../hindrances.ts'
import type { Identity, Messages } from '../../index.ts'
import { getRun, lastEnded } from './store.ts'

type Deps = { identity: Pick<Identity, 'admins'>; messages: Pick<Messages, 'tellAll'> }

/** Tells the administrators of a reading that failed by night. Who asked for one by day looks at its page. */
export async function tellOfFailure(tx: Tx, { identity, messages }: Deps, run_id: string): Promise<void> {
  const { asked_by, place, why } = await getRun(tx, run_id)
  if (asked_by !== null) return
  await messages.tellAll(tx, (await identity.admins(tx)).map(to => ({
    to, kind: 'documents.grades-not-fetched', title: '定时同步成绩没有成功', subject: run_id, url: `/admin/grades/runs/${run_id}`,
    lines: [{ label: '数据源', value: place }, ...why ? [{ label: '原因', value: textIn('zh')(why.text, why.params) }] : []],
    text: '成绩单仍按原来的成绩开具。请修好数据源，再立即同步一次',
  })))
}

/** What an administrator reads as long as no later reading succeeded. */
export async function gradeWarnings(db: Db): Promise<Hindrance[]> {
  const last = await lastEnded(db)
  if (last?.status === 'offered') return [{ text: '从学校系统读到的成绩和现在的不同，等着核对，在“导入成绩”里决定写入还是不写' }]
  if (last?.status !== 'failed') return []
  return [{ text: '最近一次从学校系统同步成绩（{at}）没有成功，成绩单仍按原来的成绩开具。原因见“导入成绩”', params: { at: Object.values(schoolTime(last.ended_at ?? last.began_at)).join(' ') } }]
}
