import type { Tx } from '../../../platform/db.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import type { VerbDeps } from '../deps.ts'
import { urged } from '../events.ts'
import { whyNotUrge } from '../rules/can.ts'
import { isHeld } from '../rules/run.ts'
import { urgedTold } from './tell.ts'
import { demand, play, takeTurn } from './turn.ts'

/** 催办: everyone who holds the instance is told again, at most once an hour. */
export async function urge(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id }: { instance_id: string }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  const at = deps.clock.now()
  demand(whyNotUrge({ ...turn.instance, urged_at: turn.state.urged_at, suspended: turn.state.suspended, held: isHeld(turn.state.tasks) }, actor.person_id, at))
  const state = await play(deps, turn, { kind: 'urged', at })
  await emit(tx, urged, { instance_id }, { subject: turn.instance.subject, actor })
  await deps.messages.tellAll(tx, state.tasks.filter(task => task.status === 'open').map(task => urgedTold(turn, task)))
}
