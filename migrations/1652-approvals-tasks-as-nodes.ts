import { type Kysely, sql } from 'kysely'

// What tasks say of their steps by themselves from now on, for those that were there before.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update approvals_tasks set
    label = (select label from approvals_nodes where approvals_nodes.id = approvals_tasks.node_id),
    due_at = (select due_at from approvals_nodes where approvals_nodes.id = approvals_tasks.node_id)
    where label = ''`.execute(db)
}
