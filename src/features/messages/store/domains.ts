import { isDuplicate, type Tx } from '../../../platform/db.ts'

/** The places taken at a domain, oldest first. Until its transaction ends, only one holds the domain's row. */
export async function lockDomain(tx: Tx, domain: string, at: number): Promise<number[]> {
  const { numUpdatedRows } = await tx.updateTable('messages_domains').set({ at }).where('domain', '=', domain).executeTakeFirst()
  if (numUpdatedRows === 1n) {
    const { slots } = await tx.selectFrom('messages_domains').select('slots').where('domain', '=', domain).executeTakeFirstOrThrow()
    return JSON.parse(slots)
  }
  try {
    await tx.insertInto('messages_domains').values({ domain, at, slots: '[]' }).execute()
  } catch (error) {
    if (!isDuplicate(error)) throw error // another one was first, and has committed by now
  }
  return lockDomain(tx, domain, at)
}

export async function keepSlots(tx: Tx, domain: string, slots: readonly number[]): Promise<void> {
  await tx.updateTable('messages_domains').set({ slots: JSON.stringify(slots) }).where('domain', '=', domain).execute()
}
