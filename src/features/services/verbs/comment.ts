import type { Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/events.ts'
import type { Context } from '../deps.ts'
import { saidField } from '../rules/said.ts'
import { type Kept, keepFiles } from './draft.ts'

/** 留言, with files. Everybody who may see the application may read it and, once they were found clean, open them. */
export async function comment(context: Context, tx: Tx, actor: Actor, { id, instance_id, text, uploads }: { id: string; instance_id: string; text: string; uploads: readonly Kept[] }): Promise<void> {
  const field = saidField(await context.approvals.comment(tx, actor, { instance_id, text }))
  await keepFiles(context, tx, id, { fields: [] }, { uploads: uploads.map(upload => ({ ...upload, field })), remove: [], by: actor.person_id })
}
