import type { Db } from '../../platform/db.ts'
import type { Identity } from './index.ts'

/** The registrars who cover the department, or the whole university where none is said, and may act for all papers; where nobody does, the administrators. */
export async function registrarsFor(db: Db, identity: Pick<Identity, 'holdersOf' | 'reachOf' | 'admins'>, unit_id?: string): Promise<string[]> {
  const covering: string[] = []
  for (const id of await identity.holdersOf(db, 'registrar', unit_id)) if ((await identity.reachOf(db, id, 'documents.manage')).everything) covering.push(id)
  return covering.length > 0 ? covering : await identity.admins(db)
}
