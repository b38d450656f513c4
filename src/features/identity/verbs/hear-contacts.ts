import { isDuplicate, type Tx } from '../../../platform/db.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { lookAtMember } from '../jobs/define-contacts.ts'
import type { ContactEvent } from '../rules/contact-events.ts'
import { renameBinding } from '../store/binding-userids.ts'
import { deleteDepartments, findDepartment, insertDepartments } from '../store/departments.ts'
import { ensureMember, findMember, type MemberRow, memberNamed, updateMember } from '../store/members.ts'
import { numbersOfUserids } from '../store/member-numbers.ts'
import { bindJoined } from './joining.ts'
import { announceReturn } from './read-members.ts'

/** When an event happened: the platform's second, and in what order of several in that second we received it. */
export type Heard = { at: number; id: string }

/**
 * Applies an event that no newer one has overtaken; applied again it changes nothing. What it does not say (the platform tells neither names
 * nor positions any more) is read from the member afterwards.
 */
export async function hearMember(tx: Tx, event: ContactEvent & { kind: 'member' }, heard: Heard): Promise<void> {
  const row = await rowOf(tx, event.userid)
  // Leaving the app's range says nothing of whether the member is there. A deletion is told on both callbacks in the same second, and the
  // two are read side by side: were this one to take the place, the deletion read after it would count as overtaken.
  const place = event.change === 'left-range' ? { followed_at: null } : { heard_at: heard.at, heard_id: heard.id }
  if (!row || !await applyNewer(tx, row, heard, place)) return
  const now = tx.bus.clock.now()
  if (event.change === 'gone') return await updateMember(tx, row.userid_key, { wecom_status: 5, followed_at: null })
  if (event.change === 'followed') {
    await updateMember(tx, row.userid_key, { wecom_status: 1, followed_at: heard.at, seen_at: now })
    if (row.wecom_status === 5 || row.wecom_status === 2) await announceReturn(tx, row)
    if (row.wish === 'present' && row.number !== null) await bindJoined(tx, null, { number: row.number, userid: row.userid })
  }
  const key = event.renamed === null ? row.userid_key : await rename(tx, row, event.renamed)
  if (event.change === 'there') await updateMember(tx, key, { seen_at: now, ...((row.wecom_status === 5 || row.wecom_status === null) && { wecom_status: 4 }) })
  await enqueue(tx, lookAtMember, { userid_key: key })
}

async function rowOf(tx: Tx, userid: string): Promise<MemberRow | undefined> {
  const key = userid.toLowerCase()
  const known = await memberNamed(tx, key)
  if (known) return known
  await ensureMember(tx, { userid, number: (await numbersOfUserids(tx, [userid])).get(key) ?? null })
  return await findMember(tx, { key })
}

/** Sets what the event says; false where a newer one, or this one, took its place in the order already. One update, so that two at once are put in line. */
async function applyNewer(tx: Tx, { userid_key }: MemberRow, { at, id }: Heard, change: Partial<MemberRow>): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_members').set(change)
    .where('userid_key', '=', userid_key).where(({ or, and, eb }) => or([eb('heard_at', '<', at), and([eb('heard_at', '=', at), eb('heard_id', '<', id)])]))
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The platform changed the userid: the same member, and the same binding. */
async function rename(tx: Tx, row: MemberRow, renamed: string): Promise<string> {
  const key = renamed.toLowerCase()
  const other = key === row.userid_key ? undefined : await findMember(tx, { key })
  // What we heard or read of it under the new name before was nobody's.
  if (other && other.number === null) await tx.deleteFrom('identity_members').where('userid_key', '=', key).execute()
  else if (other) return row.userid_key
  await updateMember(tx, row.userid_key, { userid_key: key, userid: renamed, former_key: row.userid_key })
  await renameBinding(tx, row.userid_key, renamed)
  return key
}

/** A department came, changed or went. Differences follow with the next reading. */
export async function hearDepartment(tx: Tx, { id, change, name, parent }: ContactEvent & { kind: 'department' }, heard: Heard): Promise<void> {
  const row = await findDepartment(tx, id)
  if (!row) {
    if (change === 'gone' || name === null) return
    try {
      await insertDepartments(tx, [{ department_id: id, name, parent_department: parent ?? 0, seen_at: tx.bus.clock.now(), heard_at: heard.at, heard_id: heard.id }])
    } catch (error) {
      if (!isDuplicate(error)) throw error
    }
    return
  }
  const { numUpdatedRows } = await tx.updateTable('identity_departments')
    .set({ heard_at: heard.at, heard_id: heard.id, ...(name !== null && { name }), ...(parent !== null && { parent_department: parent }), updated_at: tx.bus.clock.now() })
    .where('department_id', '=', id).where(({ or, and, eb }) => or([eb('heard_at', '<', heard.at), and([eb('heard_at', '=', heard.at), eb('heard_id', '<', heard.id)])])).executeTakeFirst()
  if (numUpdatedRows === 1n && change === 'gone') await deleteDepartments(tx, [id])
}
