import type { Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/events.ts'
import { choosingFor, demandChosen } from '../choosing.ts'
import type { VerbDeps } from '../deps.ts'
import { whyNotResubmit } from '../rules/can.ts'
import type { Chosen } from '../rules/history.ts'
import { type Instance, updateForm } from '../store.ts'
import { demand, play, type Standing, takeTurn } from './turn.ts'

/** `due_at`: by when the owner promises an end now; left out, as before */
export type Resubmission = { instance_id: string; chosen?: Chosen; due_at?: number | null } & Pick<Instance, 'title' | 'summary' | 'form'>

/** Sends a returned instance again with what was corrected; it is walked from its beginning, or goes straight back to who returned it. */
export async function resubmit(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, title, summary, form, chosen, due_at }: Resubmission): Promise<Standing> {
  const turn = await takeTurn(tx, actor, instance_id)
  demand(whyNotResubmit(turn.instance, actor.person_id))
  const corrected = { title, summary, form, due_at: due_at ?? turn.instance.due_at }
  await updateForm(tx, instance_id, corrected)
  const instance = { ...turn.instance, ...corrected }
  const named = await demandChosen(deps, tx, choosingFor(instance, turn.state), null, chosen)
  const state = await play(deps, { ...turn, instance }, { kind: 'resubmitted', at: deps.clock.now(), ...(Object.keys(named).length > 0 && { chosen: named }) })
  return { instance_id, status: state.status, url: instance.url }
}
