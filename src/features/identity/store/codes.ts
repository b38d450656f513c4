import { isDuplicate, type Db, type Tx } from '../../../platform/db.ts'
import type { CodePurpose } from '../rules/codes.ts'
import { CODE_TRIES } from '../rules/codes.ts'
import type { CodesTable } from '../phone-tables.ts'

/**
 * Puts whoever asks for the same subject in line until the transaction ends, and says what was kept of it; null for the first time.
 * Without it two who ask at once would both find that nobody asked before.
 */
export async function lineUp(tx: Tx, subject: string): Promise<number | null> {
  const touch = () => tx.updateTable('identity_asks').set(ask => ({ at: ask.ref('at') })).where('subject', '=', subject).executeTakeFirst()
  if ((await touch()).numUpdatedRows === 0n && await begin(tx, subject)) return null
  await touch()
  const row = await tx.selectFrom('identity_asks').select('at').where('subject', '=', subject).executeTakeFirst()
  return row?.at ?? null
}

async function begin(tx: Tx, subject: string): Promise<boolean> {
  try {
    await tx.insertInto('identity_asks').values({ subject, at: 0 }).execute()
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function saveAsk(tx: Tx, subject: string, at: number): Promise<void> {
  await tx.updateTable('identity_asks').set({ at }).where('subject', '=', subject).execute()
}

/** When codes for the phone were asked for since then, oldest first; all purposes count. */
export async function askedFor(db: Db, phone_indexes: readonly string[], since: number): Promise<number[]> {
  const rows = await db.selectFrom('identity_codes').select('asked_at').where('phone_index', 'in', phone_indexes).where('asked_at', '>', since).orderBy('asked_at').execute()
  return rows.map(row => row.asked_at)
}

export async function insertCode(tx: Tx, code: Pick<CodesTable, 'id' | 'purpose' | 'session' | 'phone_sealed' | 'phone_index' | 'deliver' | 'asked_at' | 'expires_at'>): Promise<void> {
  await tx.insertInto('identity_codes').values({ ...code, tries: 0, started_at: null, sent_at: null, troubled_at: null, refused_at: null, reason: null, used_at: null, ended_at: null }).execute()
}

type Where = { purpose: CodePurpose; session: string }

/** The codes of this purpose that the session has: none of them is right any more. */
export async function endCodes(tx: Tx, { purpose, session }: Where): Promise<void> {
  await tx.updateTable('identity_codes').set({ ended_at: tx.bus.clock.now() })
    .where('session', '=', session).where('purpose', '=', purpose).where('ended_at', 'is', null).where('used_at', 'is', null).execute()
}

/** The last one that was asked for and has neither been used nor replaced. */
export async function openCode(db: Db, { purpose, session }: Where) {
  return await db.selectFrom('identity_codes').selectAll().where('session', '=', session).where('purpose', '=', purpose)
    .where('ended_at', 'is', null).where('used_at', 'is', null).orderBy('id', 'desc').limit(1).executeTakeFirst() ?? null
}

export async function codeById(db: Db, id: string) {
  return await db.selectFrom('identity_codes').selectAll().where('id', '=', id).executeTakeFirst() ?? null
}

/** Takes one of the tries before the code is looked at; null where there is none left or the code is over. Else how many are left. */
export async function takeTry(tx: Tx, id: string): Promise<number | null> {
  const { numUpdatedRows } = await tx.updateTable('identity_codes').set(code => ({ tries: code('tries', '+', 1) })).where('id', '=', id)
    .where('tries', '<', CODE_TRIES).where('used_at', 'is', null).where('ended_at', 'is', null).where('expires_at', '>', tx.bus.clock.now()).executeTakeFirst()
  if (numUpdatedRows !== 1n) return null
  const row = await tx.selectFrom('identity_codes').select('tries').where('id', '=', id).executeTakeFirst()
  return CODE_TRIES - (row?.tries ?? CODE_TRIES)
}

/** False where somebody used it before. */
export async function useCode(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_codes').set({ used_at: tx.bus.clock.now() }).where('id', '=', id).where('used_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** How the SMS fared; what is settled stays. */
export async function settleCode(tx: Tx, id: string, settled: Partial<Pick<CodesTable, 'started_at' | 'sent_at' | 'troubled_at' | 'refused_at' | 'reason'>>): Promise<void> {
  await tx.updateTable('identity_codes').set(settled).where('id', '=', id).where('sent_at', 'is', null).where('refused_at', 'is', null).execute()
}

/** How the last SMS fared that was really sent or tried since then; null where there was none. */
export async function lastFare(db: Db, since: number) {
  return await db.selectFrom('identity_codes').select(['sent_at', 'refused_at', 'reason']).where('deliver', '=', 1).where('asked_at', '>', since)
    .where(code => code.or([code('sent_at', 'is not', null), code('reason', 'is not', null)])).orderBy('id', 'desc').limit(1).executeTakeFirst() ?? null
}

export async function pruneCodes(tx: Tx, before: number): Promise<void> {
  await tx.deleteFrom('identity_codes').where('expires_at', '<', before).execute()
  await tx.deleteFrom('identity_asks').where('at', '<', before).execute()
}
