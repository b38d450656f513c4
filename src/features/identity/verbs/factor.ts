import { isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newCode } from '../../../platform/ids.ts'
import type { Keyring } from '../../../platform/keys.ts'
import { factorEnrolled, factorLocked, factorReset, recoveryRenewed, recoveryUsed } from '../events-factor.ts'
import { hashRecovery, readFactor, RECOVERY_CODES, stepOf } from '../rules/factor.ts'
import { LONGEST_REASON } from '../rules/grants.ts'
import { type Attempts, countAttempt, FREE_FAILURES, isLocked, minutesLeft } from '../rules/lockout.ts'
import { attemptsOf, deleteAttempts, raiseEpoch, saveAttempts } from '../store/accounts.ts'
import { deleteFactor, factorOf, insertFactor, recoveryCodesLeft, replaceRecoveryCodes, takeStep, useRecoveryCode } from '../store/factors.ts'
import { numbersOf, personById } from '../store/people.ts'

/** Under this a secret is sealed. */
export const FACTOR = 'identity.factor'

type Who = { person_id: string; number: string }

/** What came of a code. A wrong one does not throw, so that the try stays counted: the caller's transaction must not fail for it. */
export type Proof = { right: true; recovery_left?: number } | { right: false; left: number; locked_minutes: number }

/**
 * The app shows the same secret: from now on it is asked. Returns the recovery codes, which are told this once.
 * The code is good once here too: it must not open the console a second time.
 */
export async function enrolFactor(tx: Tx, keyring: Pick<Keyring, 'seal'>, who: Who, secret: string, code: string): Promise<{ codes: string[] } | Extract<Proof, { right: false }>> {
  const tried = await admit(tx, who)
  const now = tx.bus.clock.now()
  const typed = readFactor(code)
  const step = typed && 'digits' in typed ? stepOf(secret, typed.digits, now) : null
  if (step === null) return tried
  await keepFactor(tx, { person_id: who.person_id, secret_sealed: keyring.seal(FACTOR, secret), last_step: step, enrolled_at: now })
  await deleteAttempts(tx, subjectOf(who))
  await emit(tx, factorEnrolled, { number: who.number }, { subject: who.person_id, actor: who })
  return { codes: await makeCodes(tx, who.person_id) }
}

async function keepFactor(tx: Tx, factor: Parameters<typeof insertFactor>[1]): Promise<void> {
  try {
    await insertFactor(tx, factor)
  } catch (error) {
    if (isDuplicate(error)) throw new AppError('conflict', '二次验证已经启用了。请用验证器里的验证码继续')
    throw error
  }
}

/** Is it the app's code of now, or a recovery code that was not used? Each is good once. */
export async function proveFactor(tx: Tx, keyring: Pick<Keyring, 'open'>, who: Who, code: string): Promise<Proof> {
  const factor = await factorOf(tx, who.person_id)
  if (!factor) throw new AppError('conflict', '还没有启用二次验证')
  const tried = await admit(tx, who)
  const typed = readFactor(code)
  const proof = typed === null ? null : 'digits' in typed ? await proveDigits(tx, keyring, factor, typed.digits) : await proveRecovery(tx, who, typed.recovery)
  if (proof === null) return tried
  await deleteAttempts(tx, subjectOf(who))
  return proof
}

async function proveDigits(tx: Tx, keyring: Pick<Keyring, 'open'>, { person_id, secret_sealed }: { person_id: string; secret_sealed: string }, digits: string): Promise<Proof | null> {
  const secret = keyring.open(FACTOR, secret_sealed)
  if (secret === null) throw new Error('no key of HALL_SECRET opens a second factor')
  const step = stepOf(secret, digits, tx.bus.clock.now())
  return step !== null && await takeStep(tx, person_id, step) ? { right: true } : null
}

async function proveRecovery(tx: Tx, { person_id, number }: Who, code: string): Promise<Proof | null> {
  if (!await useRecoveryCode(tx, person_id, hashRecovery(code))) return null
  const left = await recoveryCodesLeft(tx, person_id)
  await emit(tx, recoveryUsed, { number, left }, { subject: person_id, actor: { person_id, number } })
  return { right: true, recovery_left: left }
}

/** Ten others instead of those before. */
export async function renewRecoveryCodes(tx: Tx, who: Who): Promise<string[]> {
  if (!await factorOf(tx, who.person_id)) throw new AppError('conflict', '还没有启用二次验证')
  await emit(tx, recoveryRenewed, { number: who.number }, { subject: who.person_id, actor: who })
  return await makeCodes(tx, who.person_id)
}

/** For a person who lost the phone and was checked by somebody else: every sign-in ends, the next visit to the console enrols anew. */
export async function resetFactor(tx: Tx, actor: Actor, { person_id, reason }: { person_id: string; reason: string }): Promise<void> {
  if (actor.person_id === person_id) throw new AppError('forbidden', '不能重置自己的二次验证，请另一位安全管理员核实后办理')
  if (!await personById(tx, person_id)) throw new AppError('not-found', '没有找到这个人')
  const why = reason.trim().slice(0, LONGEST_REASON)
  if (why.length < 2) throw new AppError('invalid', '请写明原因', { fields: { reason: '请写明怎样核实了本人，会留在记录里' } })
  if (!await deleteFactor(tx, person_id)) throw new AppError('conflict', '这个人没有启用二次验证')
  await deleteAttempts(tx, subjectOf({ person_id }))
  for (const { number } of await numbersOf(tx, person_id)) await raiseEpoch(tx, number)
  await emit(tx, factorReset, { reason: why }, { subject: person_id, actor })
}

async function makeCodes(tx: Tx, person_id: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newCode)
  await replaceRecoveryCodes(tx, person_id, codes.map(hashRecovery))
  return codes
}

const subjectOf = ({ person_id }: Pick<Who, 'person_id'>) => `factor-${person_id}`

/** Counts the try before the code is looked at; throws while too many were wrong. Six digits have a million values: five free tries, then growing locks. */
async function admit(tx: Tx, who: Who): Promise<Extract<Proof, { right: false }>> {
  const now = tx.bus.clock.now()
  const before = await attemptsOf(tx, subjectOf(who))
  if (before && isLocked(before, now)) throw new AppError('forbidden', '验证码错误次数太多，请 {minutes} 分钟后再试', { code: 'identity:factor-locked', params: { minutes: minutesLeft(before.locked_until, now) } })
  const after = countAttempt(before, now)
  await count(tx, who, before, after)
  const locked_minutes = after.locked_until > 0 ? minutesLeft(after.locked_until, now) : 0
  if (locked_minutes > 0) await emit(tx, factorLocked, { number: who.number }, { subject: who.person_id, actor: null })
  return { right: false, left: Math.max(0, FREE_FAILURES - after.failures), locked_minutes }
}

async function count(tx: Tx, who: Who, before: Attempts | null, after: Attempts): Promise<void> {
  const racing = new AppError('conflict', '同时有几次验证，请再试一次')
  try {
    if (await saveAttempts(tx, subjectOf(who), before, after)) return
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
  throw racing
}
