import type { Db, Tx } from '../../../platform/db.ts'
import type { ServicesTables } from '../tables.ts'

export type Attachment = ServicesTables['services_attachments']

export async function insertAttachments(tx: Tx, rows: Attachment[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('services_attachments').values(rows).execute()
}

/** Everything that was ever uploaded for the application, oldest first. */
export async function attachmentsOf(db: Db, application_id: string): Promise<Attachment[]> {
  return db.selectFrom('services_attachments').selectAll().where('application_id', '=', application_id).orderBy('id').execute()
}

export async function findAttachment(db: Db, application_id: string, id: string): Promise<Attachment | undefined> {
  return db.selectFrom('services_attachments').selectAll().where('id', '=', id).where('application_id', '=', application_id).executeTakeFirst()
}

export async function attachmentById(db: Db, id: string): Promise<Attachment | undefined> {
  return db.selectFrom('services_attachments').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Every attachment that has these bytes. */
export async function attachmentsWith(db: Db, sha256: string): Promise<Attachment[]> {
  return db.selectFrom('services_attachments').selectAll().where('sha256', '=', sha256).orderBy('id').execute()
}

/** How many have waited for the scanner since before this moment. */
export async function countWaiting(db: Db, before: number): Promise<number> {
  const { n } = await db.selectFrom('services_attachments').select(({ fn }) => fn.countAll().as('n')).where('status', '=', 'waiting').where('created_at', '<', before).executeTakeFirstOrThrow()
  return Number(n)
}

export async function markRemoved(tx: Tx, application_id: string, ids: readonly string[], fields: readonly string[]): Promise<void> {
  if (ids.length === 0 || fields.length === 0) return
  await tx.updateTable('services_attachments').set({ removed: 1 }).where('application_id', '=', application_id).where('id', 'in', ids).where('field', 'in', fields).execute()
}

export async function deleteAttachments(tx: Tx, application_id: string): Promise<void> {
  await tx.deleteFrom('services_attachments').where('application_id', '=', application_id).execute()
}
