import type { Db, Tx } from '../../../platform/db.ts'
import type { ServicesTables } from '../tables.ts'

export type ProposalRow = ServicesTables['services_proposals']

export async function findProposal(db: Db, service_key: string): Promise<ProposalRow | undefined> {
  return db.selectFrom('services_proposals').selectAll().where('service_key', '=', service_key).executeTakeFirst()
}

export async function listProposals(db: Db): Promise<ProposalRow[]> {
  return db.selectFrom('services_proposals').selectAll().orderBy('service_key').execute()
}

/** In the place of the one before. */
export async function putProposal(tx: Tx, row: ProposalRow): Promise<void> {
  await tx.deleteFrom('services_proposals').where('service_key', '=', row.service_key).execute()
  await tx.insertInto('services_proposals').values(row).execute()
}

/** False where it is another by now, or none. */
export async function deleteProposal(tx: Tx, { service_key, hash }: { service_key: string; hash: string }): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('services_proposals').where('service_key', '=', service_key).where('hash', '=', hash).executeTakeFirst()
  return numDeletedRows > 0n
}
