import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { passwordChanged, sessionsEnded } from '../events.ts'
import { deletePassword, raiseEpoch, savePassword } from '../store/accounts.ts'
import { personByNumber } from '../store/people.ts'
import { endSessionOf } from '../store/sessions.ts'

/** Keeps the new password and ends the number's other sessions; returns the epoch that the present session must carry to live on. */
export async function changePassword(tx: Tx, actor: { person_id: string; number: string }, password_hash: string): Promise<number> {
  await savePassword(tx, actor.number, password_hash)
  await emit(tx, passwordChanged, { number: actor.number }, { subject: actor.person_id, actor })
  return await raiseEpoch(tx, actor.number)
}

/** Back to the initial password, for a person who was checked by an operator; every session of the number ends. */
export async function resetPassword(tx: Tx, actor: Actor, number: string): Promise<void> {
  const person = await personByNumber(tx, number)
  if (!person) throw new AppError('not-found', '没有找到这个人')
  await deletePassword(tx, number)
  await raiseEpoch(tx, number)
  await emit(tx, passwordChanged, { number }, { subject: person.id, actor })
}

/** Ends one of the person's own sessions, on whatever device it is. */
export async function endOwnSession(tx: Tx, actor: { person_id: string; number: string }, session_id: string): Promise<void> {
  if (!await endSessionOf(tx, actor.person_id, session_id)) throw new AppError('not-found', '这个登录已经结束了')
  await emit(tx, sessionsEnded, { number: actor.number }, { subject: actor.person_id, actor })
}

/** Ends every session of the number but the present one; returns the epoch that it must carry. */
export async function endOtherSessions(tx: Tx, actor: { person_id: string; number: string }): Promise<number> {
  await emit(tx, sessionsEnded, { number: actor.number }, { subject: actor.person_id, actor })
  return await raiseEpoch(tx, actor.number)
}
