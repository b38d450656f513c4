import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import type { VerbDeps } from '../deps.ts'
import { delegationBegun, delegationEnded } from '../events.ts'
import { delegationsOf, endDelegation, insertDelegation } from '../store-absence.ts'
import { actorOf } from './say.ts'

/** Epoch ms. */
export type Absence = { to: string; starts_at: number; ends_at: number }

/** A year: longer absences are a hand-over. */
const LONGEST = 366 * 86_400_000

/** 代理: what falls to the actor in that time falls to another, who is named with it. What the actor holds already stays. */
export async function standIn(deps: VerbDeps, tx: Tx, actor: Actor, { to, starts_at, ends_at }: Absence): Promise<void> {
  const now = deps.clock.now()
  if (!(ends_at > starts_at && ends_at > now && ends_at - starts_at <= LONGEST)) throw invalid('until', '结束时间要晚于开始时间和现在，最长一年')
  if (to === actor.person_id) throw invalid('to', '不能选择自己作代理人')
  const [delegate] = await deps.directory(tx).people([to])
  if (!delegate) throw invalid('to', '请选择代理人')
  if ((await delegationsOf(tx, actor.person_id, now)).some(one => one.starts_at < ends_at && one.ends_at > starts_at)) throw invalid('from', '这段时间已经有代理人，请先结束原来的代理')
  const { person_id, person_name } = await actorOf(deps, { tx, actor })
  const id = newId()
  await insertDelegation(tx, { id, person_id, person_name, delegate_id: delegate.id, delegate_name: delegate.name, starts_at, ends_at, created_at: now })
  await emit(tx, delegationBegun, { delegation_id: id, person_id, delegate_id: delegate.id }, { subject: person_id, actor })
}

/** Ends an own delegation now; what has gone to the delegate stays there. */
export async function endStandIn(deps: VerbDeps, tx: Tx, actor: Actor, { delegation_id }: { delegation_id: string }): Promise<void> {
  const { person_id } = actor
  if (!await endDelegation(tx, delegation_id, person_id, deps.clock.now())) throw new AppError('conflict', '这项代理已经结束')
  await emit(tx, delegationEnded, { delegation_id, person_id }, { subject: person_id, actor })
}

function invalid(field: string, sentence: string): AppError {
  return new AppError('invalid', sentence, { fields: { [field]: sentence } })
}
