import type { Tx } from '../../../platform/db.ts'

/** 岗位 of a number, as WeCom has it. */
export async function setTitle(tx: Tx, number: string, title: string | null): Promise<void> {
  await tx.updateTable('identity_numbers').set({ title, updated_at: tx.bus.clock.now() }).where('number', '=', number).execute()
}
