import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { passwordChanged, passwordReset, sessionsEnded } from '../events.ts'
import { deleteAttempts, raiseEpoch, resetToInitial, savePassword, typedNumber } from '../store/accounts.ts'
import { numbersOf, personByNumber } from '../store/people.ts'
import { endSessionOf } from '../store/sessions.ts'

/** Keeps the new password and ends the number's other sessions; returns the epoch that the present session must carry to live on. */
export async function changePassword(tx: Tx, actor: { person_id: string; number: string }, password_hash: string): Promise<number> {
  await savePassword(tx, actor.number, password_hash)
  await emit(tx, passwordChanged, { number: actor.number }, { subject: actor.person_id, actor })
  return await raiseEpoch(tx, actor.number)
}

/** A new password for who forgot theirs and has proved the phone on file: every session of the number ends, and strangers' failures no longer count. */
export async function recoverPassword(tx: Tx, number: string, password_hash: string): Promise<void> {
  const person = await personByNumber(tx, number)
  if (!person) throw new AppError('not-found', '没有找到这个人')
  await changePassword(tx, { person_id: person.id, number }, password_hash)
  await deleteAttempts(tx, typedNumber(number))
}

/** Back to the initial password, for a person whom an operator has checked; every session of the number ends. The reason stays in the trail. */
export async function resetPassword(tx: Tx, actor: Actor, { number, reason }: { number: string; reason: string }): Promise<void> {
  const person = await personByNumber(tx, number)
  if (!person) throw new AppError('not-found', '没有找到这个人')
  if (reason.trim() === '') throw new AppError('invalid', '请写明原因，例如怎样核实了本人身份', { fields: { reason: '请写明原因，例如怎样核实了本人身份' } })
  await resetToInitial(tx, number)
  await deleteAttempts(tx, typedNumber(number))
  await raiseEpoch(tx, number)
  await emit(tx, passwordReset, { number, reason: reason.trim().slice(0, 200) }, { subject: person.id, actor })
}

/** Ends one of the person's own sessions, on whatever device it is. */
export async function endOwnSession(tx: Tx, actor: { person_id: string; number: string }, session_id: string): Promise<void> {
  if (!await endSessionOf(tx, actor.person_id, session_id)) throw new AppError('not-found', '这个登录已经结束了')
  await emit(tx, sessionsEnded, { number: actor.number }, { subject: actor.person_id, actor })
}

/** Ends every session of the person, under all their numbers, but the present one; returns the epoch that it must carry. */
export async function endOtherSessions(tx: Tx, actor: { person_id: string; number: string }): Promise<number> {
  await emit(tx, sessionsEnded, { number: actor.number }, { subject: actor.person_id, actor })
  for (const { number } of await numbersOf(tx, actor.person_id)) if (number !== actor.number) await raiseEpoch(tx, number)
  return await raiseEpoch(tx, actor.number)
}
