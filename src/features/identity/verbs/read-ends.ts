import type { Tx } from '../../../platform/db.ts'
import { type Found, memberSubject } from '../rules/differences.ts'
import type { Totals } from '../rules/contact-run.ts'
import { isPresent } from '../rules/member-content.ts'
import { deleteDifferences, differencesOf } from '../store/differences.ts'
import { deleteMembers, type MemberRow, type numbersInOrder, updateMembers } from '../store/members.ts'
import { keepFound } from './found-differences.ts'

/**
 * Members who were there and are there no more. Their binding stays: who comes back under the same userid is the same person, and until then
 * messages wait. Who was nobody here is forgotten.
 */
export async function recordGone(tx: Tx, rows: readonly MemberRow[]): Promise<void> {
  await updateMembers(tx, rows.filter(row => row.number !== null).map(row => row.userid_key), { wecom_status: 5, followed_at: null })
  await deleteMembers(tx, rows.filter(row => row.number === null).map(row => row.userid_key))
}

/** People here who have no member there. */
export async function recordMissing(tx: Tx, rows: Awaited<ReturnType<typeof numbersInOrder>>): Promise<Totals> {
  const found = rows.filter(row => !isPresent(row.wecom_status)).map((row): Found => ({
    subject: memberSubject((row.userid_key ?? row.number).toLowerCase()), field: 'missing', number: row.number, name: row.name, ours: null, theirs: null,
  }))
  const subjects = rows.map(row => memberSubject((row.userid_key ?? row.number).toLowerCase()))
  const known = (await differencesOf(tx, subjects)).filter(row => row.field === 'missing')
  const differences = await keepFound(tx, known, found)
  return { missing: found.length, differences }
}

export async function forgetStale(tx: Tx, ids: readonly string[]): Promise<void> {
  await deleteDifferences(tx, ids)
}
