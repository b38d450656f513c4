import { isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { wecomBound, wecomUnbound } from '../events.ts'
import { maskNumber } from '../rules/mask.ts'
import { raiseEpoch } from '../store/accounts.ts'
import { currentBinding, endBinding, insertBinding } from '../store/bindings.ts'
import { personByNumber } from '../store/people.ts'

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
    if (isDuplicate(error)) throw new AppError('conflict', '刚刚有人绑定了这个企业微信账号或学工号，请刷新后再看', { code: 'identity:binding-raced' })
    throw error
  }
  await emit(tx, wecomBound, { binding_id: id, number }, { subject: person.id, actor })
}

/** Ends the binding of a number and every session of it, on every device at once. */
export async function unbind(tx: Tx, actor: Actor, number: string): Promise<void> {
  const binding = await currentBinding(tx, { number })
  if (!binding || !await endBinding(tx, binding.id)) throw new AppError('conflict', '这个学工号没有绑定企业微信，或者刚刚已经解除')
  await raiseEpoch(tx, number)
  await emit(tx, wecomUnbound, { binding_id: binding.id, number }, { subject: binding.person_id, actor })
}
