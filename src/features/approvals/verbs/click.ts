import type { Tx } from '../../../platform/db.ts'
import type { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import { textIn } from '../../../platform/text.ts'
import type { VerbDeps } from '../deps.ts'
import { whyNotDecide } from '../rules/can.ts'
import { type Instance, instanceOfTask } from '../store.ts'
import type { Chosen } from '../rules/history.ts'
import { NOBODY_YET } from './card.ts'
import { decideTask } from './decide.ts'
import { claimTask } from './pool.ts'
import { tellCard } from './tell.ts'
import { factsOf, takeTurnOfTask, taskIn } from './turn.ts'

const t = textIn('zh')

/** `selected`: what stood chosen on the card, by question, which is a step. */
export type Click = { task_id: string; key: string; selected?: readonly { question: string; options: readonly string[] }[] }

/**
 * A click on a card of ours. The first one on an open task decides it; a late, doubled or stale one is answered with what is true now,
 * and one by another person with whose task it is.
 */
export async function click(deps: VerbDeps, tx: Tx, actor: Actor, { task_id, key, selected = [] }: Click): Promise<void> {
  const turn = await takeTurnOfTask(tx, actor, task_id)
  const task = taskIn(turn, task_id)
  const refusal = whyNotDecide(factsOf(turn, task), actor.person_id, key === 'claim' ? 'claim' : 'decide')
  if (refusal?.kind === 'forbidden') return await tellClicker(deps, tx, actor, turn.instance, t(refusal.sentence, refusal.params))
  if (refusal && task.status === 'open') return await tellClicker(deps, tx, actor, turn.instance, t(refusal.sentence, refusal.params))
  if (refusal) return await tellCard(deps, tx, task)
  if (key === 'approve') await decideTask(deps, turn, task, { task_id, decision: 'approve', via: 'card', chosen: chosenIn(selected) })
  if (key === 'claim') await claimTask(deps, turn, task)
}

function chosenIn(selected: NonNullable<Click['selected']>): Chosen {
  return Object.fromEntries(selected.map(({ question, options }) => [question, options.filter(id => id !== NOBODY_YET)]))
}

/** Says to whoever clicked why it could not be done at all, as where the next node has nobody. */
export async function explain(deps: VerbDeps, tx: Tx, actor: Actor, task_id: string, error: AppError): Promise<void> {
  const instance = await instanceOfTask(tx, task_id)
  if (instance) await tellClicker(deps, tx, actor, instance, t(error.message, error.params))
}

async function tellClicker({ messages }: VerbDeps, tx: Tx, { person_id }: Actor, { title, subject, url }: Instance, sentence: string): Promise<void> {
  await messages.tell(tx, { to: person_id, kind: 'approvals.click', title: sentence, lines: [{ label: t('事项'), value: title }], url, subject, urgent: true })
}
