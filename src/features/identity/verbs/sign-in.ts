import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import { isDuplicate } from '../../../platform/db.ts'
import { accountLocked, signedIn, signedOut } from '../events.ts'
import { countAttempt, FREE_FAILURES, isLocked, minutesLeft } from '../rules/lockout.ts'
import { standings } from '../rules/standing.ts'
import { accountOf, attemptsOf, deleteAttempts, saveAttempts, typedNumber } from '../store/accounts.ts'
import { personByNumber } from '../store/people.ts'
import type { SignInWay } from '../tables.ts'

/** An attempt that was let through; what the reader is told if it fails. */
export type Admitted = { left: number; locked_minutes: number }

/**
 * Counts a try before the password is looked at, so that a hundred tries at once are not a hundred free ones.
 * Throws `forbidden` while the account is locked, whether it exists or not.
 */
export async function admitAttempt(tx: Tx, subject: string): Promise<Admitted> {
  const now = tx.bus.clock.now()
  const before = await attemptsOf(tx, subject)
  if (before && isLocked(before, now)) throw locked(minutesLeft(before.locked_until, now))
  const after = countAttempt(before, now)
  if (!await counted(tx, subject, before, after)) throw new AppError('conflict', '同时有几次登录，请再试一次', { code: 'identity:racing' })
  if (after.locked_until > 0) await announceLock(tx, subject)
  return { left: Math.max(0, FREE_FAILURES - after.failures), locked_minutes: after.locked_until > 0 ? minutesLeft(after.locked_until, now) : 0 }
}

async function counted(tx: Tx, subject: string, before: Parameters<typeof saveAttempts>[2], after: Parameters<typeof saveAttempts>[3]): Promise<boolean> {
  try {
    return await saveAttempts(tx, subject, before, after)
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

async function announceLock(tx: Tx, subject: string): Promise<void> {
  const person = await personByNumber(tx, subject)
  if (person) await emit(tx, accountLocked, { number: subject }, { subject: person.id, actor: null })
}

/** The password was right after all. */
export async function forgiveAttempts(tx: Tx, subject: string): Promise<void> {
  await deleteAttempts(tx, subject)
}

function locked(minutes: number): AppError {
  return new AppError('forbidden', '密码错误次数太多，账号已锁定，请 {minutes} 分钟后再试。在企业微信里打开办事大厅不受影响', { code: 'identity:locked', params: { minutes } })
}

export type Session = { person_id: string; number: string; epoch: number; way: SignInWay; name: string }

/** The person has proved the number: by password, or WeCom vouches for the member bound to it. */
export async function signIn(tx: Tx, { number, way }: { number: string; way: SignInWay }): Promise<Session> {
  const [account, person] = [await accountOf(tx, number), await personByNumber(tx, number)]
  if (!account || !person) throw new AppError('not-found', '这个学工号不在名单里。请联系学校信息中心核对')
  const { signsIn, label } = standings[account.standing]
  if (!signsIn) throw new AppError('forbidden', '学工号 {number} 的状态是“{label}”，不能登录。如有疑问请联系学校信息中心', { code: 'identity:closed', params: { number, label } })
  await deleteAttempts(tx, typedNumber(number))
  await emit(tx, signedIn, { number, way }, { subject: person.id, actor: { person_id: person.id, number } })
  return { person_id: person.id, number, epoch: account.session_epoch, way, name: person.name }
}

export async function signOut(tx: Tx, actor: { person_id: string; number: string }): Promise<void> {
  await emit(tx, signedOut, { number: actor.number }, { subject: actor.person_id, actor })
}
