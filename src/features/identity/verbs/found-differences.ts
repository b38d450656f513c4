import type { Tx } from '../../../platform/db.ts'
import type { Found } from '../rules/differences.ts'
import { deleteDifferences, type DifferenceRow, insertDifferences, touchDifferences, updateDifference } from '../store/differences.ts'

/**
 * Makes the kept differences of some subjects those that were found: new ones are added, changed ones corrected, others forgotten, except
 * those that are ignored: that is remembered for the field. `known`: what is kept of these subjects in the fields that were looked at.
 * Returns how many differ and are not ignored.
 */
export async function keepFound(tx: Tx, known: readonly DifferenceRow[], found: readonly Found[]): Promise<number> {
  const now = tx.bus.clock.now()
  const byKey = new Map(known.map(row => [`${row.subject} ${row.field}`, row]))
  const fresh: Found[] = []
  const same: string[] = []
  let ignored = 0
  for (const each of found) {
    const key = `${each.subject} ${each.field}`
    const row = byKey.get(key)
    byKey.delete(key)
    ignored += Number(row?.decision === 'ignore')
    if (!row) fresh.push(each)
    else if (row.ours === each.ours && row.theirs === each.theirs && row.name === each.name) same.push(row.id)
    else await updateDifference(tx, row.id, { ours: each.ours, theirs: each.theirs, name: each.name, number: each.number, seen_at: now })
  }
  await insertDifferences(tx, fresh)
  await touchDifferences(tx, same)
  await deleteDifferences(tx, [...byKey.values()].filter(row => row.decision !== 'ignore').map(row => row.id))
  return found.length - ignored
}
