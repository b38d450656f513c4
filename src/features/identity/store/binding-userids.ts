import type { Tx } from '../../../platform/db.ts'

/** The member of a binding has another userid from now on; the binding is the same. `key`: the old one in lower case. */
export async function renameBinding(tx: Tx, key: string, userid: string): Promise<void> {
  await tx.updateTable('identity_bindings').set({ userid, current_userid: userid.toLowerCase() }).where('current_userid', '=', key).execute()
}
