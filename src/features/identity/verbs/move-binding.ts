import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { wecomMoved } from '../events.ts'
import { mayMove } from '../rules/binding.ts'
import { standings } from '../rules/standing.ts'
import { type Binding, bindingById, currentBinding } from '../store/bindings.ts'
import { type Person, personByNumber } from '../store/people.ts'
import { bind, unbind } from './binding.ts'

export type Move = { binding_id: string; /** the number that receives the member */ to: string }

/**
 * The binding and the person who would receive it. Throws `invalid` with `fields.to` for a number that cannot receive it, `forbidden`
 * where the actor is one of the two, `conflict` where the binding ended meanwhile. `done`: it was moved there already.
 */
export async function findMove(db: Db, actor: Actor, { binding_id, to }: Move): Promise<{ binding: Binding; target: Person; done: boolean }> {
  const binding = await bindingById(db, binding_id)
  if (!binding) throw new AppError('not-found', '没有找到这个绑定')
  const target = await personByNumber(db, to)
  if (!target) throw unfit('没有找到学工号 {number}', to)
  if (!mayMove(actor.person_id, [binding.person_id, target.id])) throw new AppError('forbidden', '不能转移自己的绑定，请另一位工作人员办理')
  if (binding.ended_at !== null) {
    if ((await currentBinding(db, { userid: binding.userid }))?.number === to) return { binding, target, done: true }
    throw new AppError('conflict', '这个绑定刚刚已经解除或改过了，没有转移。请看最新的绑定再决定')
  }
  if (binding.number === to) throw unfit('企业微信账号现在就绑定着学工号 {number}', to)
  if (!standings[target.standing].signsIn) throw unfit('学工号 {number} 已经不能登录，绑定没有用', to)
  if (await currentBinding(db, { number: to })) throw unfit('学工号 {number} 已经绑定了另一个企业微信账号。确实要换的话，请先在那个人的页面解除绑定', to)
  return { binding, target, done: false }
}

/**
 * Gives the member of WeCom that one number has to another, for a person whom an operator has checked: what an unbinding and a binding do,
 * at once. Every session of the old number ends. Asked again it changes nothing.
 */
export async function moveBinding(tx: Tx, actor: Actor, { reason, ...move }: Move & { reason: string }): Promise<void> {
  const why = reason.trim().slice(0, 200)
  const { binding, target, done } = await findMove(tx, actor, move)
  if (done) return
  if (why === '') throw new AppError('invalid', '请写明原因，例如怎样核实了本人身份', { fields: { reason: '请写明原因，例如怎样核实了本人身份' } })
  await unbind(tx, actor, binding.number)
  await bind(tx, actor, { number: move.to, userid: binding.userid })
  for (const subject of new Set([binding.person_id, target.id])) await emit(tx, wecomMoved, { from: binding.number, to: move.to, reason: why }, { subject, actor })
}

function unfit(sentence: string, number: string): AppError {
  return new AppError('invalid', sentence, { fields: { to: sentence }, params: { number } })
}
