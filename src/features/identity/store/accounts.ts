import type { Db, Tx } from '../../../platform/db.ts'
import type { Attempts } from '../rules/lockout.ts'

/** As people type a number: any width, any case of its letters, spaces between. The key under which tries are counted. */
export function typedNumber(typed: string): string {
  return typed.normalize('NFKC').replace(/\s+/g, '').toUpperCase().slice(0, 64)
}

/** What proving a campus account needs: the hash if a password was set, and what the initial one is made of. */
export async function accountOf(db: Db, number: string) {
  return await db.selectFrom('identity_numbers as n').innerJoin('identity_people as p', 'p.id', 'n.person_id').leftJoin('identity_accounts as a', 'a.number', 'n.number')
    .select(['n.number', 'n.person_id', 'n.standing', 'n.session_epoch', 'p.name_pinyin', 'p.document_sealed', 'p.phone_sealed', 'a.password_hash', 'a.must_change'])
    .where('n.number', '=', number).executeTakeFirst()
}

export async function savePassword(tx: Tx, number: string, password_hash: string): Promise<void> {
  const account = { password_hash, must_change: 0, changed_at: tx.bus.clock.now() }
  const { numUpdatedRows } = await tx.updateTable('identity_accounts').set(account).where('number', '=', number).executeTakeFirst()
  if (numUpdatedRows === 0n) await tx.insertInto('identity_accounts').values({ number, ...account }).execute()
}

export async function deletePassword(tx: Tx, number: string): Promise<void> {
  await tx.deleteFrom('identity_accounts').where('number', '=', number).execute()
}

export async function attemptsOf(db: Db, subject: string): Promise<Attempts | null> {
  return await db.selectFrom('identity_attempts').select(['failures', 'last_at', 'locked_until']).where('subject', '=', subject).executeTakeFirst() ?? null
}

/** Writes the count over the one that was read; false where another try was counted in between. */
export async function saveAttempts(tx: Tx, subject: string, before: Attempts | null, after: Attempts): Promise<boolean> {
  if (before === null) {
    await tx.insertInto('identity_attempts').values({ subject, ...after }).execute()
    return true
  }
  const { numUpdatedRows } = await tx.updateTable('identity_attempts').set(after)
    .where('subject', '=', subject).where('failures', '=', before.failures).where('last_at', '=', before.last_at).executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function deleteAttempts(tx: Tx, subject: string): Promise<void> {
  await tx.deleteFrom('identity_attempts').where('subject', '=', subject).execute()
}

export async function pruneAttempts(tx: Tx, before: number): Promise<void> {
  await tx.deleteFrom('identity_attempts').where('last_at', '<', before).execute()
}

/** Ends every session of the number at once; returns the epoch that sessions begun from now on carry. */
export async function raiseEpoch(tx: Tx, number: string): Promise<number> {
  await tx.updateTable('identity_numbers').set(update => ({ session_epoch: update('session_epoch', '+', 1) })).where('number', '=', number).execute()
  const row = await tx.selectFrom('identity_numbers').select('session_epoch').where('number', '=', number).executeTakeFirst()
  return row?.session_epoch ?? 0
}
