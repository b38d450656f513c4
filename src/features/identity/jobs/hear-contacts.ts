import { isDuplicate } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Context } from '../deps.ts'
import { planPage, readNames } from '../plan-members.ts'
import { readContactEvent } from '../rules/contact-events.ts'
import { findMember, updateMember } from '../store/members.ts'
import { beginPull } from '../verbs/contact-runs.ts'
import { hearDepartment, hearMember } from '../verbs/hear-contacts.ts'
import { recordPage } from '../verbs/read-members.ts'
import type { Recording } from './push-member.ts'

/** Applies what a callback said of the address book. */
export async function hear({ database: { db }, callbacks }: Context, callback_id: string, record: Recording): Promise<void> {
  const body = await callbacks.bodyOf(db, callback_id)
  const event = readContactEvent(body)
  const heard = { at: body.at, id: body.id }
  if (event?.kind === 'member') await record(tx => hearMember(tx, event, heard))
  if (event?.kind === 'department') await record(tx => hearDepartment(tx, event, heard))
  // Somebody imported people in bulk: no event tells of each of them.
  if (event?.kind === 'import') await record(tx => beginPull(tx, null).catch(unlessRunning))
}

export function unlessRunning(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'contacts:running') throw error
}

const NOT_SEEN: ReadonlySet<string> = new Set(['wecom:60111', 'wecom:60011', 'wecom:60021', 'wecom:40003'])

/** Reads one member and keeps what differs. One who is outside the app's range stays as known: only the whole reading tells those from the gone. */
export async function look(context: Context, key: string, record: Recording): Promise<void> {
  const { database: { db }, contacts, contactSettings } = context
  const row = await findMember(db, { key })
  if (!row || row.wecom_status === 5) return
  try {
    const member = await contacts.members.get(row.userid)
    const plan = await planPage(db, { ...context, root: contactSettings.root }, contactSettings, await readNames(db), [member])
    await record(tx => recordPage(tx, plan, 0))
  } catch (error) {
    if (isDuplicate(error)) throw error
    if (!(error instanceof AppError) || !NOT_SEEN.has(error.code ?? '')) throw error
    await record(tx => updateMember(tx, key, { followed_at: null }))
  }
}
