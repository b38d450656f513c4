import { AppError } from '../../../platform/errors.ts'
import type { Context } from '../deps.ts'
import { addTotals, readTotals } from '../rules/contact-run.ts'
import { type Decision, isDifferenceField } from '../rules/differences.ts'
import type { RunRow } from '../store/contact-runs.ts'
import { listDifferences } from '../store/differences.ts'
import { beginPush, endSlice } from '../verbs/contact-runs.ts'
import { decide } from '../verbs/differences.ts'
import type { Recording } from './push-member.ts'

const TOGETHER = 200

/** One slice of deciding all open differences of a field alike. One that cannot be decided so is counted, and stays. */
export async function decideSlice({ database: { db }, contacts, contactSettings: { leavers } }: Context, run: RunRow, record: Recording): Promise<void> {
  const [word = '', field = ''] = run.phase.split(' ')
  const decision = word === 'reopen' ? undefined : (['ours', 'theirs', 'ignore'] satisfies Decision[]).find(each => each === word)
  if (!decision || !isDifferenceField(field)) throw new AppError('invalid', '没有这种差异')
  const rows = await listDifferences(db, { decision: 'open', fields: [field] }, { after: run.cursor_at, limit: TOGETHER })
  const actor = run.person_id === null ? null : { person_id: run.person_id, number: null }
  await record(async tx => {
    let [done, failed] = [0, 0]
    for (const row of rows) {
      try {
        await decide(tx, actor, row, decision, { leavers, writes: contacts.writesContacts })
        done += 1
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        failed += 1
      }
    }
    const over = rows.length < TOGETHER
    await endSlice(tx, run, { phase: over ? null : run.phase, cursor: over ? '' : rows.at(-1)?.id ?? '', totals: addTotals(readTotals(run.totals), { done, failed }), wait: 0 })
    if (over && decision === 'ours') await beginPush(tx, actor, { marking: false })
  })
}
