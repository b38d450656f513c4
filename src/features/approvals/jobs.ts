import { Type } from 'typebox'
import type { Tx } from '../../platform/db.ts'
import { isOutcome } from '../../platform/errors.ts'
import { defineReaction, type Reaction } from '../../platform/events.ts'
import { defineJob, defineQueue, enqueue, type Work, work } from '../../platform/jobs.ts'
import { callbackReceived } from '../callbacks/index.ts'
import { taskOf } from '../messages/index.ts'
import type { Deps, VerbDeps } from './deps.ts'
import { instanceOfTask } from './store.ts'
import { click, explain } from './verbs/click.ts'
import { taskOfCard } from './verbs/tell.ts'

const clicks = defineQueue('card-clicks', { concurrency: 4 })
const cardClick = defineJob({ name: 'approvals.card-click', queue: clicks, input: Type.Object({ callback_id: Type.String() }) })

/** A job of its own for clicks alone: most callbacks are no concern of approvals. */
export const onCallback: Reaction = defineReaction(callbackReceived, async (tx, { callback_id, source, event }) => {
  if (source === 'wecom' && event === 'template_card_event') await enqueue(tx, cardClick, { callback_id }, { key: `${cardClick.name}-${callback_id}`, priority: 1 })
})

/** Someone waits with the card in hand, so a click is answered even where it cannot be done. */
export function cardClickWork({ database, callbacks, identity, messages }: Deps, verbs: VerbDeps): Work {
  return work(cardClick, async ({ callback_id }, running) => {
    const { from: userid, at, card } = await callbacks.bodyOf(database.db, callback_id)
    const task_id = card && taskOfCard(taskOf(card.task_id))
    const actor = task_id ? await identity.personByWecomUserid(database.db, userid) : null
    if (!card || !task_id || !await instanceOfTask(database.db, task_id)) return
    const clicked = { task_id: card.task_id, response_code: card.response_code, at }
    if (!actor) return await database.write(async tx => { await running.hold(tx); await messages.clickedUnbound(tx, { ...clicked, userid }) })
    const answering = (act: (tx: Tx) => Promise<void>) => database.write(async tx => {
      await running.hold(tx)
      await messages.cardClicked(tx, { ...clicked, person_id: actor.person_id })
      await act(tx)
    })
    try {
      await answering(tx => click(verbs, tx, actor, { task_id, key: card.key }))
    } catch (error) {
      if (!isOutcome(error)) throw error
      await answering(tx => explain(verbs, tx, actor, task_id, error))
    }
  })
}
