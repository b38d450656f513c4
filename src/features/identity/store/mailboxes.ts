import type { Db, Tx } from '../../../platform/db.ts'
import type { MailboxesTable } from '../mailbox-tables.ts'

/** When links were asked for since then, oldest first: by the person, or to the mailbox. */
export async function linksAsked(db: Db, by: { person_id: string } | { email: string }, since: number): Promise<number[]> {
  const query = db.selectFrom('identity_mailboxes').select('asked_at').where('asked_at', '>', since).orderBy('asked_at')
  const rows = await ('email' in by ? query.where('email', '=', by.email) : query.where('person_id', '=', by.person_id)).execute()
  return rows.map(row => row.asked_at)
}

export async function insertMailbox(tx: Tx, mailbox: Pick<MailboxesTable, 'id' | 'person_id' | 'number' | 'email' | 'asked_at' | 'expires_at'>): Promise<void> {
  await tx.insertInto('identity_mailboxes').values({ ...mailbox, sent_at: null, refused_at: null, reason: null, used_at: null, ended_at: null }).execute()
}

/** Links of the person that were not confirmed: none of them is any good. */
export async function endMailboxes(tx: Tx, person_id: string): Promise<void> {
  await tx.updateTable('identity_mailboxes').set({ ended_at: tx.bus.clock.now() }).where('person_id', '=', person_id).where('ended_at', 'is', null).where('used_at', 'is', null).execute()
}

export async function mailboxById(db: Db, id: string): Promise<MailboxesTable | null> {
  return await db.selectFrom('identity_mailboxes').selectAll().where('id', '=', id).executeTakeFirst() ?? null
}

export async function emailRow(db: Db, person_id: string) {
  return await db.selectFrom('identity_people').select(['email', 'email_proven_at']).where('id', '=', person_id).executeTakeFirst() ?? null
}

/** The last one the person asked for and has not confirmed. */
export async function openMailbox(db: Db, person_id: string): Promise<MailboxesTable | null> {
  return await db.selectFrom('identity_mailboxes').selectAll().where('person_id', '=', person_id).where('ended_at', 'is', null).where('used_at', 'is', null)
    .orderBy('asked_at', 'desc').limit(1).executeTakeFirst() ?? null
}

/** False where it was used or replaced before. */
export async function useMailbox(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_mailboxes').set({ used_at: tx.bus.clock.now() }).where('id', '=', id).where('used_at', 'is', null).where('ended_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function settleMailbox(tx: Tx, id: string, settled: Partial<Pick<MailboxesTable, 'sent_at' | 'refused_at' | 'reason'>>): Promise<void> {
  await tx.updateTable('identity_mailboxes').set(settled).where('id', '=', id).where('sent_at', 'is', null).where('refused_at', 'is', null).execute()
}

export async function saveEmail(tx: Tx, person_id: string, email: string): Promise<void> {
  const now = tx.bus.clock.now()
  await tx.updateTable('identity_people').set({ email, email_proven_at: now, updated_at: now }).where('id', '=', person_id).execute()
}

export async function pruneMailboxes(tx: Tx, before: number): Promise<void> {
  await tx.deleteFrom('identity_mailboxes').where('expires_at', '<', before).execute()
}
