import type { Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/events.ts'
import type { Context } from '../deps.ts'
import { saidField } from '../rules/said.ts'
import { type Kept, keepFiles } from './draft.ts'

/** 留言, with files. Everybody who may see the application may read it and, once they were found clean, open them. */
export async function comment(context: Context, tx: Tx, actor: Actor, { id, instance_id, text, uploads }: { id: string; instance_id: string; text: string; uploads: readonly Kept[] }): Promise<void> {
  await keepSaid(context, tx, actor, { id, said_id: await context.approvals.comment(tx, actor, { instance_id, text }), uploads })
}

/** Keeps what came along with a comment or a decision. */
export async function keepSaid(context: Context, tx: Tx, { person_id }: Pick<Actor, 'person_id'>, { id, said_id, uploads }: { id: string; said_id: string; uploads: readonly Kept[] }): Promise<void> {
  const field = saidField(said_id)
  await keepFiles(context, tx, id, { fields: [] }, { uploads: uploads.map(upload => ({ ...upload, field })), remove: [], by: person_id })
}
