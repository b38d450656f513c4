import type { Tx } from '../../platform/db.ts'
import { defineReaction, type Reaction } from '../../platform/events.ts'
import { type Work, work } from '../../platform/jobs.ts'
import { deliveryRefused, deliveryStranded } from '../messages/index.ts'
import type { Deps, VerbDeps } from './deps.ts'
import { loads } from './store-console.ts'
import { isOfReceiver, reportUnreachable } from './verbs/unreachable.ts'
import { findForsaken } from './work.ts'

/** A message did not reach its person: where they hold tasks, the administrators hear of it. */
export function strandedReactions({ messages }: Pick<Deps, 'messages'>, verbs: VerbDeps): Reaction[] {
  async function report(tx: Tx, delivery_id: string, said?: string): Promise<void> {
    const delivery = await messages.deliveryById(tx, delivery_id)
    if (!delivery?.person_id || delivery.channel !== 'wecom') return
    const reason = said ?? (isOfReceiver(delivery.code) ? delivery.reason : null)
    if (reason !== null) await reportUnreachable(verbs, tx, { person_id: delivery.person_id, reason })
  }
  return [
    defineReaction(deliveryRefused, (tx, { delivery_id }) => report(tx, delivery_id)),
    defineReaction(deliveryStranded, (tx, { delivery_id }) => report(tx, delivery_id, '没有绑定企业微信')),
  ]
}

/** So many are looked up at once. */
const SLICE = 500

export function findForsakenWork({ database, directory }: Deps, verbs: VerbDeps): Work {
  return work(findForsaken, async (_input, running) => {
    const { db, write } = database
    const holders = [...(await loads(db)).keys()]
    for (let from = 0; from < holders.length; from += SLICE) {
      const slice = holders.slice(from, from + SLICE)
      const here = new Set((await directory(db).people(slice)).map(person => person.id))
      for (const person_id of slice.filter(id => !here.has(id))) {
        await write(async tx => {
          await running.hold(tx)
          await reportUnreachable(verbs, tx, { person_id, reason: '已经离开学校' })
        })
      }
    }
  })
}
