import type { Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/events.ts'
import type { VerbDeps } from '../deps.ts'
import { whyNotCancel } from '../rules/can.ts'
import { REASON } from './intervene.ts'
import { checkedText, remark } from './remark.ts'
import { actorOf } from './say.ts'
import { applicantToldOf } from './tell-intervention.ts'
import { demand, play, takeTurn } from './turn.ts'

/** 撤销 by an administrator of what was approved, where the flow allows it. Whether the actor is one, the route says. */
export async function cancel(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, reason }: { instance_id: string; reason: string }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  demand(whyNotCancel(turn.state, turn.instance.flow.revoke === true))
  const text = checkedText(reason, REASON)
  const { person_id, person_name } = await actorOf(deps, turn)
  await remark(deps, turn, { act: 'cancel', person_name, text })
  await play(deps, turn, { kind: 'revoked', at: deps.clock.now(), by: person_id, by_name: person_name })
  await deps.messages.tellAll(tx, [applicantToldOf(turn, 'cancel', text)])
}
