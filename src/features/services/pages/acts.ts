import type { Db } from '../../../platform/db.ts'
import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { PictureNode } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { type Asked, askedPage } from './asked.ts'
import { saidPage } from './said.ts'
import { type Application } from '../store/applications.ts'

/** The viewer's own open task, and what may be done with it besides deciding. */
export async function openTask(context: Context, db: Db, t: T, nodes: readonly PictureNode[], { instance_id }: Pick<Application, 'instance_id'>, viewer: SignedIn, asked?: Asked) {
  for (const node of nodes) {
    const task = node.tasks.find(one => one.status === 'open' && one.person_id === viewer.person_id)
    if (!task || instance_id === null) continue
    const { approvals } = context
    const { earlier, giveBack } = await approvals.optionsOf(db, instance_id, task.id)
    const row = await approvals.taskById(db, task.id)
    return {
      id: task.id, label: t(node.label), why: approvals.whyText(t, task), wants: task.wants, draft: row?.draft ?? '', suspended: row?.suspended ?? false,
      giveBack, mayReturnFurther: earlier.length > 0, asked: row && await askedPage(context, db, t, row, viewer, asked), files: saidPage(t),
    }
  }
  return null
}

/** What the viewer did and may undo: an own approval, signers called in. */
export async function recalls({ approvals }: Context, db: Db, nodes: readonly PictureNode[], { instance_id, status }: Pick<Application, 'instance_id' | 'status'>, viewer: SignedIn) {
  const acted = nodes.some(node => node.tasks.some(task => task.person_id === viewer.person_id && (task.status === 'done' || task.status === 'open')))
  if (instance_id === null || status !== 'running' || !acted) return { approval: null, signers: [] }
  const { approval, signers } = await approvals.recallsOf(db, instance_id, viewer.person_id)
  return { approval: approval?.id ?? null, signers }
}
