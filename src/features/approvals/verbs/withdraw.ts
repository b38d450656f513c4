import type { Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/events.ts'
import type { VerbDeps } from '../deps.ts'
import { whyNotWithdraw } from '../rules/can.ts'
import { demand, play, takeTurn } from './turn.ts'

/** 撤回 by the applicant, while it is being approved or after a return. */
export async function withdraw(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id }: { instance_id: string }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  demand(whyNotWithdraw(turn.instance, actor.person_id))
  await play(deps, turn, { kind: 'withdrawn', at: deps.clock.now() })
}
