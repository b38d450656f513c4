import type { Db, Tx } from '../../../platform/db.ts'
import { ignoringDuplicate } from '../store.ts'
import type { DocumentRow } from '../tables.ts'

export type Revision = { sha256: string; level: string }

export async function keepRevisions(tx: Tx, document_id: string, revisions: readonly Revision[]): Promise<void> {
  for (const revision of revisions) await ignoringDuplicate(tx.insertInto('documents_revisions').values({ ...revision, document_id, made_at: tx.bus.clock.now() }).execute())
}

/** Puts a raised file in the place of the one that was read; false where that is not the document's any more. */
export async function replaceFile(tx: Tx, { id, sha256 }: Pick<DocumentRow, 'id' | 'sha256'>, raised: Revision & Partial<Pick<DocumentRow, 'archived_until'>>): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('documents_documents').set(raised).where('id', '=', id).where('sha256', '=', sha256).where('status', '=', 'issued').executeTakeFirst()
  return numUpdatedRows === 1n
}

type Kept = Pick<DocumentRow, 'id' | 'sha256' | 'application_id' | 'level' | 'archived_until'>
const KEPT = ['id', 'sha256', 'application_id', 'level', 'archived_until'] as const

/** Papers of level B-LT, which no time stamp keeps beyond the certificates in them. */
export async function listUnarchived(db: Db, limit: number): Promise<Kept[]> {
  return await db.selectFrom('documents_documents').select(KEPT).where('status', '=', 'issued').where('level', '=', 'B-LT').orderBy('id').limit(limit).execute()
}

/** Papers whose last time stamp holds now and no longer than that. */
export async function listEnding(db: Db, { now, before, limit }: { now: number; before: number; limit: number }): Promise<Kept[]> {
  return await db.selectFrom('documents_documents').select(KEPT).where('status', '=', 'issued').where('level', '=', 'B-LTA')
    .where('archived_until', '>', now).where('archived_until', '<', before).orderBy('archived_until').limit(limit).execute()
}

/** Remembers that papers are sealed with this certificate. */
export async function keepSeal(tx: Tx, fingerprint: string): Promise<void> {
  if (await tx.selectFrom('documents_seals').select('fingerprint').where('fingerprint', '=', fingerprint).executeTakeFirst()) return
  await ignoringDuplicate(tx.insertInto('documents_seals').values({ fingerprint, first_used_at: tx.bus.clock.now() }).execute())
}

/** SHA-256 of every certificate that sealed papers, the first first. */
export async function listSeals(db: Db): Promise<string[]> {
  return (await db.selectFrom('documents_seals').select('fingerprint').orderBy('first_used_at').execute()).map(({ fingerprint }) => fingerprint)
}

/** The file of some paper that this certificate sealed and that still holds. */
export async function paperSealedBy(db: Db, fingerprint: string): Promise<string | undefined> {
  const row = await db.selectFrom('documents_documents').select('sha256').where('sealed_by', '=', fingerprint).where('status', '=', 'issued').limit(1).executeTakeFirst()
  return row?.sha256 ?? undefined
}

export async function wasTold(db: Db, fingerprint: string, days: number): Promise<boolean> {
  return await db.selectFrom('documents_seal_warnings').select('days').where('fingerprint', '=', fingerprint).where('days', '=', days).executeTakeFirst() !== undefined
}

export async function keepTold(tx: Tx, fingerprint: string, days: number): Promise<void> {
  await tx.insertInto('documents_seal_warnings').values({ fingerprint, days, told_at: tx.bus.clock.now() }).execute()
}
