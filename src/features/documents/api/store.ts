import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { getDocument } from '../store.ts'
import type { DocumentRow } from '../tables.ts'
import type { OnBehalfTable } from './tables.ts'

/** A document with what its caller said of it. */
export type Asked = { asked: OnBehalfTable; document: DocumentRow }

export async function insertAsked(tx: Tx, row: OnBehalfTable): Promise<void> {
  await tx.insertInto('documents_on_behalf').values(row).execute()
}

export async function findByKey(db: Db, client_id: string, request_key: string): Promise<OnBehalfTable | undefined> {
  return await db.selectFrom('documents_on_behalf').selectAll().where('client_id', '=', client_id).where('request_key', '=', request_key).executeTakeFirst()
}

export async function findAsked(db: Db, document_id: string): Promise<OnBehalfTable | undefined> {
  return await db.selectFrom('documents_on_behalf').selectAll().where('document_id', '=', document_id).executeTakeFirst()
}

/** What this client asked for; another's is as if it did not exist. */
export async function getAsked(db: Db, client_id: string, document_id: string): Promise<Asked> {
  const asked = await findAsked(db, document_id)
  if (!asked || asked.client_id !== client_id) throw new AppError('not-found', '没有找到这份文件')
  return { asked, document: await getDocument(db, document_id) }
}

/** Newest first; `before` is the last id of the page before. */
export async function listAsked(db: Db, client_id: string, { before, limit }: { before?: string | undefined; limit: number }): Promise<Asked[]> {
  const rows = await db.selectFrom('documents_on_behalf').selectAll().where('client_id', '=', client_id)
    .$if(before !== undefined, query => query.where('document_id', '<', before ?? '')).orderBy('document_id', 'desc').limit(limit).execute()
  return Promise.all(rows.map(async asked => ({ asked, document: await getDocument(db, asked.document_id) })))
}
