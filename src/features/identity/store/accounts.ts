import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import type { Attempts } from '../rules/lockout.ts'
import { PASSWORDS_KEPT } from '../rules/password.ts'

/** As people type a number: any width, any case of its letters, spaces between. The key under which tries are counted. */
export function typedNumber(typed: string): string {
  return typed.normalize('NFKC').replace(/\s+/g, '').toUpperCase().slice(0, 64)
}

/** What proving a campus account needs: the hash if a password was set, what the initial one is made of, and since when that holds. */
export async function accountOf(db: Db, number: string) {
  return await selectAccount(db).where('n.number', '=', number).executeTakeFirst().then(readAccount)
}

/** The account that was meant: as it was typed, else as numbers are usually written. */
export async function accountTyped(db: Db, typed: string) {
  const plain = typed.normalize('NFKC').trim().slice(0, 64)
  const rows = await selectAccount(db).where('n.number', 'in', [plain, typedNumber(typed)]).execute()
  return readAccount(rows.find(row => row.number === plain) ?? rows[0])
}

function selectAccount(db: Db) {
  return db.selectFrom('identity_numbers as n').innerJoin('identity_people as p', 'p.id', 'n.person_id').leftJoin('identity_accounts as a', 'a.number', 'n.number')
    .select([
      'n.number', 'n.person_id', 'n.standing', 'n.session_epoch', 'n.created_at', 'p.name_pinyin', 'p.document_sealed', 'p.phone_sealed', 'p.phone_index',
      'a.password_hash', 'a.must_change', 'a.changed_at',
    ])
}

type AccountRow = NonNullable<Awaited<ReturnType<ReturnType<typeof selectAccount>['executeTakeFirst']>>>

function readAccount(row: AccountRow | undefined) {
  if (!row) return undefined
  const { password_hash, changed_at, created_at, ...account } = row
  // '' stands for the initial password, put back by an operator.
  return { ...account, password_hash: password_hash === '' ? null : password_hash, since: changed_at ?? created_at, checked: password_hash === '' }
}

export type Account = NonNullable<Awaited<ReturnType<typeof accountOf>>>

/** Keeps the password, and the one before among those that are not to come back. */
export async function savePassword(tx: Tx, number: string, password_hash: string): Promise<void> {
  await keepLast(tx, number)
  await writeAccount(tx, number, { password_hash, must_change: 0 })
}

/** The initial password holds again. */
export async function resetToInitial(tx: Tx, number: string): Promise<void> {
  await keepLast(tx, number)
  await writeAccount(tx, number, { password_hash: '', must_change: 1 })
}

async function writeAccount(tx: Tx, number: string, content: { password_hash: string; must_change: number }): Promise<void> {
  const account = { ...content, changed_at: tx.bus.clock.now() }
  const { numUpdatedRows } = await tx.updateTable('identity_accounts').set(account).where('number', '=', number).executeTakeFirst()
  if (numUpdatedRows === 0n) await tx.insertInto('identity_accounts').values({ number, ...account }).execute()
}

async function keepLast(tx: Tx, number: string): Promise<void> {
  const now = await tx.selectFrom('identity_accounts').select('password_hash').where('number', '=', number).executeTakeFirst()
  if (!now?.password_hash) return
  await tx.insertInto('identity_passwords').values({ id: newId(), number, password_hash: now.password_hash, ended_at: tx.bus.clock.now() }).execute()
  const old = await tx.selectFrom('identity_passwords').select('id').where('number', '=', number).orderBy('id', 'desc').offset(PASSWORDS_KEPT).limit(100).execute()
  if (old.length > 0) await tx.deleteFrom('identity_passwords').where('id', 'in', old.map(row => row.id)).execute()
}

/** The last passwords, the present one among them, the newest first. */
export async function lastPasswords(db: Db, number: string): Promise<string[]> {
  const now = await db.selectFrom('identity_accounts').select('password_hash').where('number', '=', number).executeTakeFirst()
  const before = await db.selectFrom('identity_passwords').select('password_hash').where('number', '=', number).orderBy('id', 'desc').limit(PASSWORDS_KEPT).execute()
  return [now, ...before].map(row => row?.password_hash ?? '').filter(hash => hash !== '').slice(0, PASSWORDS_KEPT)
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
