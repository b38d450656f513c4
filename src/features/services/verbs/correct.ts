import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { textIn } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import { LONGEST_COMMENT } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { type Mark, REASONS } from '../rules/corrections.ts'
import { getApplication } from '../store/applications.ts'
import { insertCorrections } from '../store/corrections.ts'
import type { Version } from '../versions.ts'

export type Asking = { task_id: string; application_id: string; marks: readonly Mark[]; comment: string }

/** Returns an application with what is to be corrected, field by field. Throws as a decision does: `conflict` where somebody was faster. */
export async function askCorrections({ approvals, versions }: Context, tx: Tx, viewer: Pick<SignedIn, 'person_id' | 'number' | 'name'>, { task_id, application_id, marks, comment }: Asking): Promise<void> {
  if (marks.length === 0) throw new AppError('invalid', '请至少选一项要修改的内容')
  const row = await getApplication(tx, application_id)
  const said = comment.trim() || marksText(await versions.get(tx, row.version_id), marks)
  const { person_id, number, name } = viewer
  await approvals.decide(tx, { person_id, number }, { task_id, decision: 'return', comment: said, via: 'page' })
  await insertCorrections(tx, marks.map(mark => ({
    ...mark, id: newId(), application_id, revision: row.revision, person_id, person_name: name, created_at: tx.bus.clock.now(),
  })))
}

/** 请修改：附件（不完整）、用途（不正确） */
function marksText({ form }: Version, marks: readonly Mark[]): string {
  const label = (key: string) => form.fields.find(field => field.definition.key === key)?.definition.label ?? key
  const text = textIn('zh')('请修改：{fields}', { fields: marks.map(({ field, reason }) => `${label(field)}（${REASONS[reason]}）`).join('、') })
  return [...text].slice(0, LONGEST_COMMENT).join('')
}
