import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { MembersTable } from '../contact-tables.ts'
import { memberRefused, memberWritten } from '../events-contacts.ts'
import { pushMember } from '../jobs/define-contacts.ts'
import { problemOf } from '../rules/contact-problems.ts'
import { isPresent, type MemberContent } from '../rules/member-content.ts'
import { fieldNames, memberSubject } from '../rules/differences.ts'
import { currentBinding } from '../store/bindings.ts'
import { differencesOf, insertDifferences, settleDifferences, updateDifference } from '../store/differences.ts'
import { ensureMember, findMember, type MemberRow, updateMember } from '../store/members.ts'
import { numbersOf, personByNumber } from '../store/people.ts'
import type { Vault } from '../vault.ts'

/**
 * The number is to have a member in WeCom's address book, under its own name as userid where none is bound to it. Writes what is wanted
 * and enqueues the job; asked again it tries again, which is what mends a refusal. `mobile`: a phone proven for this member, where the person's
 * own is not to be taken; it is kept sealed until it was sent.
 */
export async function wantMember(tx: Tx, vault: Pick<Vault, 'seal'>, { number, mobile }: { number: string; mobile?: string | undefined }): Promise<void> {
  if (!await personByNumber(tx, number)) throw new AppError('not-found', '没有找到这个学工号')
  await wish(tx, number, { wish: 'present', ...(mobile !== undefined && { mobile_sealed: vault.seal('phone', mobile) }) })
}

/** The number's member is to be deleted from WeCom's address book; nothing where there is none. */
export async function unwantMember(tx: Tx, { number }: { number: string }): Promise<void> {
  if (await findMember(tx, { number })) await wish(tx, number, { wish: 'gone' })
}

async function wish(tx: Tx, number: string, change: Partial<MembersTable>): Promise<void> {
  const key = await memberKeyOf(tx, number)
  await updateMember(tx, key, { ...change, due_at: tx.bus.clock.now(), problem: null, problem_at: null })
  await enqueue(tx, pushMember, { userid_key: key }, { priority: 10 })
}

/** Something of a person changed: the members of all their numbers are looked at again. */
export async function markPerson(tx: Tx, person_id: string): Promise<void> {
  for (const { number } of await numbersOf(tx, person_id)) {
    const row = await findMember(tx, { number })
    if (!row || !isPresent(row.wecom_status)) continue
    await updateMember(tx, row.userid_key, { due_at: tx.bus.clock.now() })
    await enqueue(tx, pushMember, { userid_key: row.userid_key })
  }
}

/** The number's row, made where there is none. A member found in WeCom without being anybody's, under the same userid, becomes the number's. */
export async function memberKeyOf(tx: Tx, number: string): Promise<string> {
  const known = await findMember(tx, { number })
  if (known) return known.userid_key
  const userid = (await currentBinding(tx, { number }))?.userid ?? number
  const key = userid.toLowerCase()
  await ensureMember(tx, { userid, number })
  const row = await findMember(tx, { key })
  if (row && row.number === null) await updateMember(tx, key, { number })
  else if (row?.number !== number) throw new AppError('conflict', '这个企业微信账号是另一个学工号的，请联系学校信息中心核对', { code: 'contacts:member-taken' })
  return key
}

export type MemberView = {
  number: string
  userid: string | null
  /** none: nobody asked; waiting: to be written; pushed: is in the address book; refused: WeCom did not take it; left: was there and is gone */
  status: 'none' | 'waiting' | 'pushed' | 'refused' | 'left'
  /** a Chinese phrase for the person, to be translated where it is shown */
  sentence: string
  /** as `wecom:60104`; null where nothing is wrong */
  problem: string | null
  /** 1 activated, 2 disabled, 4 not activated, 5 left; null: not known */
  wecom_status: number | null
  /** epoch ms of `subscribe`; null until the member follows, and again once it left */
  followed_at: number | null
}

/** How things stand with a number's member. */
export async function memberOf(db: Db, number: string): Promise<MemberView> {
  const row = await findMember(db, { number })
  if (!row) return { number, userid: null, status: 'none', sentence: '还没有加入企业微信通讯录', problem: null, wecom_status: null, followed_at: null }
  const { userid, problem, wecom_status, followed_at } = row
  return { number, userid, problem, wecom_status, followed_at, ...standing(row) }
}

function standing({ due_at, problem, wecom_status, followed_at, wish: asked }: MemberRow): Pick<MemberView, 'status' | 'sentence'> {
  if (due_at !== null) return { status: 'waiting', sentence: problem === null ? '正在加入企业微信通讯录，一般不超过一分钟' : problemOf(problem).person }
  if (problem !== null && problem !== MOBILE_KEPT) return { status: 'refused', sentence: problemOf(problem).person }
  if (wecom_status === 5) return { status: 'left', sentence: '已经不在企业微信通讯录里' }
  if (wecom_status === null && asked === null) return { status: 'none', sentence: '还没有加入企业微信通讯录' }
  if (wecom_status === 2) return { status: 'pushed', sentence: '在企业微信里已停用，请联系学校信息中心' }
  return { status: 'pushed', sentence: wecom_status === 1 || followed_at !== null ? '已加入企业微信' : '已在企业微信通讯录里，请扫码关注' }
}

/** Written all but the phone, which only the member can change. */
export const MOBILE_KEPT = 'contacts:mobile-kept'

type Written = {
  content: MemberContent | null
  wecom_status: number
  problem?: string | null
  act: 'created' | 'updated' | 'deleted'
  /** what was said, to settle its differences; all where it is left out */
  fields?: readonly string[]
}

/** What a push achieved. Marked again meanwhile (another `due_at`), the member stays to be written. */
export async function recordWritten(tx: Tx, row: MemberRow, { content, wecom_status, problem = null, act, fields = fieldNames }: Written): Promise<void> {
  const now = tx.bus.clock.now()
  await updateMember(tx, row.userid_key, {
    content: content === null ? null : JSON.stringify(content), wecom_status, problem, problem_at: problem === null ? null : now, pushed_at: now, sent_at: null, mobile_sealed: null,
    ...(act === 'deleted' ? { seen_at: null, followed_at: null } : { seen_at: now }),
    ...(act !== 'updated' && row.wish !== 'present' && { wish: null }),
  })
  await clearDue(tx, row)
  await settleDifferences(tx, memberSubject(row.userid_key), [...fields, 'missing', 'refused', ...(act === 'updated' && wecom_status === 2 ? ['unknown', 'enable'] : [])])
  if (problem !== null) await tellRefused(tx, row, problem)
  if (act !== 'updated' || row.wecom_status !== wecom_status) await emit(tx, memberWritten, { userid: row.userid, act }, about(row))
}

/** Nothing differs: nothing was written. */
export async function clearDue(tx: Tx, row: MemberRow): Promise<void> {
  await tx.updateTable('identity_members').set({ due_at: null, updated_at: tx.bus.clock.now() })
    .where('userid_key', '=', row.userid_key).where('due_at', '=', row.due_at).execute()
}

/** WeCom, or a rule of ours, did not take it. `again`: it stays to be written. */
export async function recordProblem(tx: Tx, row: MemberRow, { problem, again }: { problem: string; again: boolean }): Promise<void> {
  const now = tx.bus.clock.now()
  // Others go first: the next walk meets this one again.
  await updateMember(tx, row.userid_key, { problem, problem_at: now, ...(again ? { due_at: now + TRY_AGAIN } : { sent_at: null }) })
  if (again) return
  await clearDue(tx, row)
  await tellRefused(tx, row, problem)
  await emit(tx, memberRefused, { userid: row.userid, problem }, about(row))
}

const TRY_AGAIN = 600_000

/** Told to the operator among the differences; what was decided for ours stands open again. */
async function tellRefused(tx: Tx, row: MemberRow, problem: string): Promise<void> {
  const subject = memberSubject(row.userid_key)
  const known = await differencesOf(tx, [subject])
  for (const each of known) if (each.decision === 'ours') await updateDifference(tx, each.id, { decision: 'open', problem })
  const refused = known.find(each => each.field === 'refused')
  const name = row.number === null ? row.userid : (await personByNumber(tx, row.number))?.name ?? row.number
  if (refused) await updateDifference(tx, refused.id, { problem, seen_at: tx.bus.clock.now() })
  else await insertDifferences(tx, [{ subject, field: 'refused', number: row.number, name, ours: null, theirs: null, problem }])
}

/** From here on a member of this userid may be one that we made. */
export async function recordSending(tx: Tx, row: MemberRow): Promise<void> {
  await updateMember(tx, row.userid_key, { sent_at: tx.bus.clock.now() })
}

const about = (row: MemberRow): { subject: string; actor: Actor | null } => ({ subject: row.number ?? row.userid, actor: null })
