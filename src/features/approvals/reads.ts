import type { Db } from '../../platform/db.ts'
import type { Step } from './define.ts'
import { advance } from './rules/advance.ts'
import { type Refusal, whyNotResubmit, whyNotUrge, whyNotWithdraw } from './rules/can.ts'
import { allSteps } from './rules/walk.ts'
import { historyOf, instanceOf, nodesOf, type PictureNode } from './store.ts'

/** The picture of a flow: each visit so far, and the steps that lie ahead while it runs, in reading order. */
export async function pictureOf(db: Db, instance_id: string): Promise<{ nodes: PictureNode[]; ahead: Pick<Step, 'id' | 'kind' | 'label'>[] }> {
  const instance = await instanceOf(db, instance_id)
  if (!instance) return { nodes: [], ahead: [] }
  const { status, standing } = advance(instance.flow, await historyOf(db, instance_id))
  const ahead = status === 'running' ? allSteps(instance.flow.nodes).filter(step => !standing.has(step.id)) : []
  return { nodes: await nodesOf(db, instance_id), ahead: ahead.map(({ id, kind, label }) => ({ id, kind, label })) }
}

/** Why the person may not withdraw, resubmit or urge now; null where the button shows. The verbs ask the same rules again. */
export async function refusalsOf(db: Db, instance_id: string, person_id: string, now: number): Promise<Record<'withdraw' | 'resubmit' | 'urge', Refusal | null> | null> {
  const instance = await instanceOf(db, instance_id)
  if (!instance) return null
  const { urged_at } = advance(instance.flow, await historyOf(db, instance_id))
  return {
    withdraw: whyNotWithdraw(instance, person_id),
    resubmit: whyNotResubmit(instance, person_id),
    urge: whyNotUrge({ ...instance, urged_at }, person_id, now),
  }
}
