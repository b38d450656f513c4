import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'

/** The revision under which lies what is being typed. */
export const TYPING = 0

type Place = { application_id: string; revision: number }

/** Sealed texts by field. */
export async function secretsOf(db: Db, { application_id, revision }: Place): Promise<Map<string, string>> {
  const rows = await db.selectFrom('services_secrets').select(['field', 'sealed']).where('application_id', '=', application_id).where('revision', '=', revision).execute()
  return new Map(rows.map(row => [row.field, row.sealed]))
}

/** Puts these in the place of what was there. */
export async function replaceSecrets(tx: Tx, place: Place, sealed: ReadonlyMap<string, string>): Promise<void> {
  await deleteSecrets(tx, place)
  const rows = [...sealed].map(([field, text]) => ({ id: newId(), ...place, field, sealed: text }))
  if (rows.length > 0) await tx.insertInto('services_secrets').values(rows).execute()
}

export async function deleteSecrets(tx: Tx, { application_id, revision }: Place): Promise<void> {
  await tx.deleteFrom('services_secrets').where('application_id', '=', application_id).where('revision', '=', revision).execute()
}
