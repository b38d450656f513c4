import { isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { wecomBound, wecomUnbound } from '../events.ts'
import { lookAtMember } from '../jobs/define-contacts.ts'
import { maskNumber } from '../rules/mask.ts'
import { raiseEpoch } from '../store/accounts.ts'
import { currentBinding, endBinding, insertBinding } from '../store/bindings.ts'
import { findMember, updateMember } from '../store/members.ts'
import { personByNumber } from '../store/people.ts'
import { memberKeyOf } from './members.ts'

/** Binds a member of WeCom to a number. One member, one number, and the other way round; doing it again changes nothing. */
export async function bind(tx: Tx, actor: Actor | null, { number, userid }: { number: string; userid: string }): Promise<void> {
  const person = await personByNumber(tx, number)
  if (!person) throw new AppError('not-found', '没有找到这个学工号')
  const [ofUserid, ofNumber] = [await currentBinding(tx, { userid }), await currentBinding(tx, { number })]
  if (ofUserid && ofUserid.number === number) return
  if (ofUserid) throw new AppError('conflict', '这个企业微信账号已经绑定了学工号 {number}。请先在那个身份的“账户信息”里解除绑定', { code: 'identity:member-taken', params: { number: maskNumber(ofUserid.number) } })
  if (ofNumber) throw new AppError('conflict', '学工号 {number} 已经绑定了另一个企业微信账号。请先解除绑定；如果不是本人绑定的，请联系学校信息中心', { code: 'identity:number-taken', params: { number } })
  const id = newId()
  try {
    await insertBinding(tx, { id, person_id: person.id, number, userid })
  } catch (error) {
    if (isDuplicate(error)) throw raced()
    throw error
  }
  await emit(tx, wecomBound, { binding_id: id, number }, { subject: person.id, actor })
}

/**
 * Binds a member of WeCom who came here and has proved the number. The member that a roster took for the number's, or that was made for it,
 * gives way where nobody has ever joined as it: who joins with another WeChat is another member. Else as `bind`.
 */
export async function bindPresent(tx: Tx, actor: Actor, { number, userid }: { number: string; userid: string }): Promise<void> {
  const held = await currentBinding(tx, { number })
  const unused = held && held.userid.toLowerCase() !== userid.toLowerCase() && !await currentBinding(tx, { userid }) ? await neverJoined(tx, held.userid) : null
  if (!held || unused === null) return await bind(tx, actor, { number, userid })
  if (!await endBinding(tx, held.id)) throw raced()
  // Nobody came in by it, so no session has to end.
  await emit(tx, wecomUnbound, { binding_id: held.id, number }, { subject: held.person_id, actor })
  await updateMember(tx, unused, { number: null, wish: null, due_at: null, problem: null, problem_at: null })
  await bind(tx, actor, { number, userid })
  await enqueue(tx, lookAtMember, { userid_key: await memberKeyOf(tx, number) })
}

/** Key of the member that stands in the address book and was never activated (status 4); null where somebody is there, or nothing is known of it. */
async function neverJoined(tx: Tx, userid: string): Promise<string | null> {
  const row = await findMember(tx, { key: userid.toLowerCase() })
  return row?.wecom_status === 4 && row.followed_at === null ? row.userid_key : null
}

function raced(): AppError {
  return new AppError('conflict', '刚刚有人绑定了这个企业微信账号或学工号，请刷新后再看', { code: 'identity:binding-raced' })
}

/** Ends the binding of a number and every session of it, on every device at once. */
export async function unbind(tx: Tx, actor: Actor, number: string): Promise<void> {
  const binding = await currentBinding(tx, { number })
  if (!binding || !await endBinding(tx, binding.id)) throw new AppError('conflict', '这个学工号没有绑定企业微信，或者刚刚已经解除')
  await raiseEpoch(tx, number)
  await emit(tx, wecomUnbound, { binding_id: binding.id, number }, { subject: binding.person_id, actor })
}
