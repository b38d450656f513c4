import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { insertRows } from '../../../platform/prepared.ts'
import type { MessageRow } from '../tables.ts'

export function insertMessages(tx: Tx, rows: readonly MessageRow[]): Promise<void> {
  return insertRows(tx, 'messages_messages', rows)
}

export async function getMessage(db: Db, id: string): Promise<MessageRow> {
  const row = await db.selectFrom('messages_messages').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', '没有找到这条通知')
  return row
}

export type ListedMessage = Pick<MessageRow, 'id' | 'kind' | 'title' | 'facts' | 'url' | 'subject' | 'text' | 'created_at'>

/** Messages to a person, newest first; `before` is the id of the last one already shown. */
export async function listMessages(db: Db, person_id: string, { before, limit }: { before?: string | undefined; limit: number }): Promise<ListedMessage[]> {
  let query = db.selectFrom('messages_messages').select(['id', 'kind', 'title', 'facts', 'url', 'subject', 'text', 'created_at'])
    .where('person_id', '=', person_id).orderBy('id', 'desc').limit(limit)
  if (before !== undefined) query = query.where('id', '<', before)
  return await query.execute()
}
