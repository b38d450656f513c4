import { Type } from 'typebox'
import type { Tx } from '../../platform/db.ts'
import { AppError, isOutcome } from '../../platform/errors.ts'
import { defineReaction, type Reaction } from '../../platform/events.ts'
import { defineJob, defineQueue, enqueue, type Work, work } from '../../platform/jobs.ts'
import { callbackReceived } from '../callbacks/index.ts'
import { taskOf } from '../messages/index.ts'
import type { Deps, VerbDeps } from './deps.ts'
import { type Answered, answered, isWorthTrying } from './rules/answered.ts'
import { instanceOfTask } from './store.ts'
import { type Asked, callOf, recordCall } from './verbs/call.ts'
import { click, explain } from './verbs/click.ts'
import { handOverSome } from './verbs/hand-over.ts'
import { taskOfCard } from './verbs/tell.ts'
import { tickNode } from './verbs/tick.ts'
import { callOut, handOverTasks, tick } from './work.ts'

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
      await answering(tx => click(verbs, tx, actor, { task_id, key: card.key, selected: card.selected }))
    } catch (error) {
      if (!isOutcome(error)) throw error
      await answering(tx => explain(verbs, tx, actor, task_id, error))
    }
  })
}

/** Comes again when the next is due. */
export function tickWork({ database, clock }: Deps, verbs: VerbDeps): Work {
  return work(tick, async (input, running) => {
    const next = await database.write(async tx => {
      await running.hold(tx)
      return await tickNode(verbs, tx, input)
    })
    return next === null ? undefined : { later: Math.max(0, next - clock.now()) }
  })
}

/** Calls outside any transaction; the key lets the other side know a second call of the same. After the last try the failure is the answer. */
export function callWork({ database, connections, clock }: Deps, verbs: VerbDeps): Work {
  return work(callOut, async (input, running) => {
    const asked = await callOf(database.db, input)
    if (!asked) return
    const at = clock.now()
    const { retry, ...heard } = await hear(connections, asked, `${input.instance_id}-${input.node}`, running.signal)
    const again = retry && !running.last
    await database.write(async tx => {
      await running.hold(tx)
      await recordCall(verbs, tx, input, { ...heard, name: asked.name, attempt: running.attempt, at, ms: clock.now() - at, again })
    })
    if (again) throw new AppError('upstream', heard.error?.phrase ?? '', { params: heard.error?.params })
  })
}

async function hear(connections: Deps['connections'], { name, path, values, take }: Asked, key: string, signal: AbortSignal): Promise<Answered & { status: number | null; body: string; retry: boolean }> {
  try {
    const answer = await connections.call(name, { key, path, values }, signal)
    return { ...answered(answer, take), ...answer, retry: isWorthTrying(answer.status) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { ok: false, values: {}, error: { phrase: error.message, params: error.params ?? {} }, status: null, body: '', retry: error.kind === 'upstream' }
  }
}

export function handOverWork({ database }: Deps, verbs: VerbDeps): Work {
  return work(handOverTasks, async ({ handover_id }) => await handOverSome(verbs, database, handover_id) ? undefined : { later: 0 })
}
