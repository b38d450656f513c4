import { isDuplicate, type Db, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import { accountLocked, endedBySchool, signedIn, signedOut, signInFailed } from '../events.ts'
import { type Attempts, countAttempt, FREE_FAILURES, isLocked, minutesLeft } from '../rules/lockout.ts'
import { standings } from '../rules/standing.ts'
import { accountOf, attemptsOf, deleteAttempts, saveAttempts, typedNumber } from '../store/accounts.ts'
import { personByNumber } from '../store/people.ts'
import { type Ending, endSession, hearEnding, sessionsAtSchool } from '../store/sessions.ts'
import type { SignInWay } from '../tables.ts'
import type { Visit } from '../visits.ts'

/** An attempt that was let through: what the reader is told if it fails, and how it is taken back. */
export type Admitted = { subject: string; left: number; locked_minutes: number; before: Attempts | null; after: Attempts }

/**
 * Counts a try before the password is looked at, so that a hundred tries at once are not a hundred free ones.
 * Throws `forbidden` while the subject is locked, whether the account exists or not.
 */
export async function admitAttempt(tx: Tx, { subject, number }: { subject: string; number: string }): Promise<Admitted> {
  const now = tx.bus.clock.now()
  const before = await attemptsOf(tx, subject)
  if (before && isLocked(before, now)) throw locked(minutesLeft(before.locked_until, now))
  const after = countAttempt(before, now)
  if (!await counted(tx, subject, before, after)) throw new AppError('conflict', '同时有几次登录，请再试一次', { code: 'identity:racing' })
  if (after.locked_until > 0) await announceLock(tx, number)
  const locked_minutes = after.locked_until > 0 ? minutesLeft(after.locked_until, now) : 0
  return { subject, left: Math.max(0, FREE_FAILURES - after.failures), locked_minutes, before, after }
}

async function counted(tx: Tx, subject: string, before: Attempts | null, after: Attempts): Promise<boolean> {
  try {
    return await saveAttempts(tx, subject, before, after)
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

async function announceLock(tx: Tx, number: string): Promise<void> {
  const person = await personByNumber(tx, typedNumber(number))
  if (person) await emit(tx, accountLocked, { number: person.number }, { subject: person.id, actor: null })
}

/** The password was right after all. */
export async function forgiveAttempts(tx: Tx, subject: string): Promise<void> {
  await deleteAttempts(tx, subject)
}

/** Nobody looked at the password (the school's directory was away): the try does not count, unless another came after it. */
export async function takeBackAttempt(tx: Tx, { subject, before, after }: Admitted): Promise<void> {
  await saveAttempts(tx, subject, after, before ?? { failures: 0, last_at: after.last_at, locked_until: 0 })
}

function locked(minutes: number): AppError {
  return new AppError('forbidden', '密码错误次数太多，已锁定，请 {minutes} 分钟后再试。企业微信和登录过的设备不受影响', { code: 'identity:locked', params: { minutes } })
}

export type Session = { person_id: string; number: string; epoch: number; way: SignInWay; name: string }

/** The person has proved the number: by password, the school's own sign-in, or WeCom vouches for the member bound to it. */
export async function signIn(tx: Tx, { number, way, visit }: { number: string; way: SignInWay; visit: Visit }): Promise<Session> {
  const { person_id, name, epoch } = await mayEnter(tx, number)
  await emit(tx, signedIn, { number, way, ...visit }, { subject: person_id, actor: { person_id, number } })
  return { person_id, number, epoch, way, name }
}

/** A wrong password: kept where the number is somebody's, so that they see who tried. */
export async function recordFailure(tx: Tx, { number, visit }: { number: string; visit: Visit }): Promise<void> {
  const person = await personByNumber(tx, typedNumber(number))
  if (person) await emit(tx, signInFailed, { number: person.number, way: 'campus', ...visit }, { subject: person.id, actor: null })
}

/** The person behind a number that may sign in; `not-found` (`identity:unknown`) for one that is nobody's, `forbidden` (`identity:closed`) for who has left. */
export async function mayEnter(db: Db, number: string): Promise<{ person_id: string; name: string; epoch: number }> {
  const [account, person] = [await accountOf(db, number), await personByNumber(db, number)]
  if (!account || !person) throw new AppError('not-found', '学工号 {number} 不在名单里。请联系学校信息中心核对', { code: 'identity:unknown', params: { number } })
  const { signsIn, label } = standings[account.standing]
  if (!signsIn) throw new AppError('forbidden', '学工号 {number} 的状态是“{label}”，不能登录。如有疑问请联系学校信息中心', { code: 'identity:closed', params: { number, label } })
  return { person_id: person.id, name: person.name, epoch: account.session_epoch }
}

export async function signOut(tx: Tx, actor: { person_id: string; number: string }): Promise<void> {
  await emit(tx, signedOut, { number: actor.number }, { subject: actor.person_id, actor })
}

/**
 * A sign-in, or all of an account, has ended at the school: exactly the sessions that began by it end here. `word`: the id of what the school
 * said, where it has one; said again it is `invalid` (`campus:refused`), for it must not end what began since.
 */
export async function endBySchool(tx: Tx, ending: Ending, word: string | null): Promise<void> {
  if (word !== null && !await hearEnding(tx, word)) throw new AppError('invalid', '这条退出通知已经处理过', { code: 'campus:refused' })
  for (const { id, person_id, number } of await sessionsAtSchool(tx, ending)) {
    await endSession(tx, id, tx.bus.clock.now())
    if (person_id && number) await emit(tx, endedBySchool, { number }, { subject: person_id, actor: null })
  }
}
