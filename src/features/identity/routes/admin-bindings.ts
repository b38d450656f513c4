import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { choicePage, type Choice, movePage } from '../pages/move-binding.ts'
import { IdParam, MoveForm, MoveQuery } from '../schema.ts'
import { accountTyped } from '../store/accounts.ts'
import { type Binding, currentBinding } from '../store/bindings.ts'
import { numbersOf, type Person, personByNumber } from '../store/people.ts'
import { findMove, moveBinding } from '../verbs/move-binding.ts'
import { type ById, personInReach } from './show-person.ts'

type Sent = { binding: string; to: string; reason?: string }
type Errors = Record<string, string>

/** Moving a binding to another number: choose which, look at before and after, say why. */
export function bindingMoveRoutes(context: Context): FastifyPluginAsync {
  const { database: { db, write } } = context

  async function choose(request: FastifyRequest, reply: FastifyReply, id: string, binding: Binding, choice: Choice, errors: Errors = {}): Promise<FastifyReply> {
    const numbers = (await numbersOf(db, id)).filter(each => each.number !== binding.number)
    return await reply.console('identity/move-choice', choicePage({ t: request.t, id, binding, numbers, choice, errors }))
  }

  /** The binding and who would receive it; both people are the reader's to help. */
  async function find(request: FastifyRequest, id: string, binding_id: string, to: string) {
    const move = await findMove(db, request.actor, { binding_id, to })
    if (move.binding.person_id !== id) throw new AppError('not-found', '没有找到这个绑定')
    await personInReach(context, request, move.target.id, 'accounts.help')
    return move
  }

  async function ask(request: FastifyRequest, reply: FastifyReply, binding: Binding, target: Person, reason = '', errors: Errors = {}): Promise<FastifyReply> {
    const from = await personByNumber(db, binding.number)
    if (!from) throw new AppError('not-found', '没有找到这个人')
    return await reply.console('identity/move', movePage({ t: request.t, binding, from, target, reason, errors }))
  }

  return async app => {
    app.get<ById>('/people/:id/binding', { schema: { params: IdParam } }, async (request, reply) => {
      const { id } = request.params
      await personInReach(context, request, id, 'accounts.help')
      const choice: Choice = fits<Choice>(MoveQuery, request.query) ? request.query : {}
      const binding = await currentBinding(db, { number: choice.number ?? '' })
      if (binding?.person_id !== id) throw new AppError('conflict', '这个学工号没有绑定企业微信，或者刚刚已经解除')
      if (choice.to === undefined) return await choose(request, reply, id, binding, choice)
      const typed = choice.to === 'other' ? choice.other ?? '' : choice.to
      if (typed.trim() === '') return await choose(request, reply.code(422), id, binding, choice, { other: request.t('请填写接收绑定的学工号') })
      try {
        const { target } = await find(request, id, binding.id, (await accountTyped(db, typed))?.number ?? typed.trim())
        return await ask(request, reply, binding, target)
      } catch (error) {
        const fault = error instanceof AppError ? error.fields?.['to'] : undefined
        if (fault === undefined || !(error instanceof AppError)) throw error
        return await choose(request, reply.code(422), id, binding, choice, { [choice.to === 'other' ? 'other' : 'to']: request.t(fault, error.params) })
      }
    })

    app.post<ById>('/people/:id/binding', { schema: { params: IdParam } }, async (request, reply) => {
      const { id } = request.params
      await personInReach(context, request, id, 'accounts.help')
      if (!fits<Sent>(MoveForm, request.body)) throw new AppError('invalid', '提交的内容不完整或格式不对，请返回检查')
      const { binding: binding_id, to, reason = '' } = request.body
      const { binding, target } = await find(request, id, binding_id, to)
      try {
        await write(tx => moveBinding(tx, request.actor, { binding_id, to, reason }))
      } catch (error) {
        const fault = error instanceof AppError ? error.fields?.['reason'] : undefined
        if (fault === undefined) throw error
        return await ask(request, reply.code(422), binding, target, reason, { reason: request.t(fault) })
      }
      request.session.flash = { meaning: 'done', text: request.t('绑定已转移到学工号 {number}，学工号 {from} 在所有设备上的登录都已结束', { number: to, from: binding.number }) }
      return reply.redirect(`/admin/people/${target.id}`, 303)
    })
  }
}
