import type { Db, Tx } from '../../../platform/db.ts'
import type { ServicesTables } from '../tables.ts'

export type Correction = ServicesTables['services_corrections']

export async function insertCorrections(tx: Tx, rows: Correction[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('services_corrections').values(rows).execute()
}

/** What was asked about one submission, in the order it was asked. */
export async function correctionsOf(db: Db, application_id: string, revision: number): Promise<Correction[]> {
  return db.selectFrom('services_corrections').selectAll().where('application_id', '=', application_id).where('revision', '=', revision).orderBy('id').execute()
}
