import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import type { FactorsTable } from '../factor-tables.ts'

export async function factorOf(db: Db, person_id: string): Promise<FactorsTable | null> {
  return await db.selectFrom('identity_factors').selectAll().where('person_id', '=', person_id).executeTakeFirst() ?? null
}

export async function insertFactor(tx: Tx, factor: FactorsTable): Promise<void> {
  await tx.insertInto('identity_factors').values(factor).execute()
}

/** False where this half minute's code, or a later one, was taken already. */
export async function takeStep(tx: Tx, person_id: string, step: number): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_factors').set({ last_step: step }).where('person_id', '=', person_id).where('last_step', '<', step).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** False where there was none. */
export async function deleteFactor(tx: Tx, person_id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('identity_factors').where('person_id', '=', person_id).executeTakeFirst()
  await tx.deleteFrom('identity_recovery_codes').where('person_id', '=', person_id).execute()
  return numDeletedRows === 1n
}

/** These instead of those before. */
export async function replaceRecoveryCodes(tx: Tx, person_id: string, hashes: readonly string[]): Promise<void> {
  await tx.deleteFrom('identity_recovery_codes').where('person_id', '=', person_id).execute()
  await tx.insertInto('identity_recovery_codes').values(hashes.map(code_hash => ({ id: newId(), person_id, code_hash, used_at: null }))).execute()
}

/** False where it is none of the person's, or was used. */
export async function useRecoveryCode(tx: Tx, person_id: string, code_hash: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_recovery_codes').set({ used_at: tx.bus.clock.now() })
    .where('person_id', '=', person_id).where('code_hash', '=', code_hash).where('used_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function recoveryCodesLeft(db: Db, person_id: string): Promise<number> {
  const { n } = await db.selectFrom('identity_recovery_codes').select(({ fn }) => fn.countAll<number>().as('n')).where('person_id', '=', person_id).where('used_at', 'is', null).executeTakeFirstOrThrow()
  return Number(n)
}
