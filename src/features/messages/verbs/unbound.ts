import type { Tx } from '../../../platform/db.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { sendWecom } from '../jobs/define.ts'
import { cardSentTo, openCardsOf } from '../store/cards.ts'
import { getDelivery } from '../store/deliveries.ts'
import { cardClicked, closeCard } from './cards.ts'
import { type Binding, queue } from './tell.ts'

const UNBOUND = '已解除绑定'

/**
 * A binding ended: the cards on that phone lose their buttons. What they asked stays asked: it goes to the person's other member
 * where there is one, else waits for the next binding, without buttons, because a task has one card for each person.
 */
export async function takeBackCards(tx: Tx, { wecomUseridOf }: Pick<Binding, 'wecomUseridOf'>, person_id: string): Promise<void> {
  const userid = await wecomUseridOf(tx, person_id)
  for (const { task_id, delivery_id, address } of await openCardsOf(tx, person_id)) {
    // Not on its way yet: it goes wherever the person is bound when it does.
    if (address === null || address.toLowerCase() === userid?.toLowerCase()) continue
    await closeCard(tx, { task_id, person_id, text: UNBOUND })
    const { message_id, subject } = await getDelivery(tx, delivery_id)
    const again = await queue(tx, { message_id, person_id, subject, channel: 'wecom', part: 'textcard', status: userid === null ? 'waiting' : 'queued', resent_from: delivery_id })
    if (userid !== null) await enqueue(tx, sendWecom, { delivery_id: again })
  }
}

/** A click by a member who is nobody's any more: the card says so, by the code that the click brought. */
export async function clickedUnbound(tx: Tx, { task_id, userid, response_code, at }: { task_id: string; userid: string; response_code: string; at: number }): Promise<void> {
  const card = await cardSentTo(tx, task_id, userid)
  if (!card) return
  await cardClicked(tx, { task_id, person_id: card.person_id, response_code, at })
  if (card.status === 'open') await closeCard(tx, { task_id: card.task_id, person_id: card.person_id, text: UNBOUND })
}
