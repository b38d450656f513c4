import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('payments_charges_by_payment').on('payments_charges').columns(['paid_at']).execute()
}
