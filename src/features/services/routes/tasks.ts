import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Decision } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { receive } from '../attachments.ts'
import type { Asked } from '../pages/asked.ts'
import { readAct } from '../rules/acts.ts'
import { readBody } from '../rules/body.ts'
import { askedPart } from '../verbs/decide.ts'
import type { Verbs } from '../verbs/index.ts'
import { KIND } from '../verbs/submit.ts'
import { showApplication } from './applications.ts'
import { type ById, fieldIn } from './requests.ts'
import { getTask } from './sight.ts'

const DecisionWord = Type.Enum(['approve', 'reject', 'return', 'reply'])
const DONE: Record<Decision, string> = { approve: '已同意', reject: '已驳回', return: '已退回申请人', reply: '已回复' }

/** 待办: to its page, and the decision on it. */
export async function taskRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { approvals, database: { db, write } } = context

  app.get<ById>('/tasks/:id', async (request, reply) => reply.redirect((await getTask(context, request.params.id, request.person)).url, 303))

  app.post<ById>('/tasks/:id/decision', async (request, reply) => {
    const { body, person, params: { id } } = request
    const task = await getTask(context, id, person)
    const part = await askedPart(context, db, task, person)
    const decision: unknown = fieldIn(body, 'decision')
    const comment = fieldIn(body, 'comment')
    const read = readBody(part, body)
    const { kept, faults } = await receive(context.files, part, read.uploads)
    // A button inside a field: somebody is looked for, a signature is drawn or taken off.
    if (part.fields.length > 0 && (readAct(fieldIn(body, 'act')) || read.remove.length > 0)) {
      await write(tx => verbs.keepSignature(tx, person, { task, uploads: kept, remove: read.remove }))
      return showApplication(context, request, reply, task.subject, { comment, asked: { input: read.input, faults } })
    }
    return await act(request, reply, comment, async () => {
      if (!fits<Decision>(DecisionWord, decision)) throw new AppError('invalid', '请选择同意、驳回或退回')
      const { _form, ...wrong } = read.faults
      const result = await write(tx => verbs.decide(tx, person, { task, decision, comment, input: read.input, uploads: kept, remove: read.remove, faults: { ...wrong, ...faults } }))
      return Object.keys(result.faults).length > 0 ? { input: read.input, faults: result.faults } : DONE[decision]
    })
  })

  /** 认领, 退回任务池 and 拿回 ask nothing. */
  app.post<ById>('/tasks/:id/claim', async (request, reply) =>
    act(request, reply, '', async () => { await write(tx => approvals.claim(tx, request.actor, { task_id: request.params.id })); return '已认领，请办理' }))

  app.post<ById>('/tasks/:id/release', async (request, reply) =>
    act(request, reply, '', async () => { await write(tx => approvals.giveBack(tx, request.actor, { task_id: request.params.id })); return '已退回任务池' }))

  app.post<ById>('/tasks/:id/recall', async (request, reply) =>
    act(request, reply, '', async () => { await write(tx => approvals.takeBack(tx, request.actor, { task_id: request.params.id })); return '已拿回，请重新办理' }))

  app.post<ById>('/tasks/:id/draft', async (request, reply) => {
    const text = fieldIn(request.body, 'comment')
    return await act(request, reply, text, async () => { await write(tx => approvals.saveDraft(tx, request.actor, { task_id: request.params.id, text })); return '意见已暂存，还没有提交' })
  })

  /** Who comes too late, or leaves something out, reads on the application's page what it is; what was typed is there. */
  async function act(request: FastifyRequest<ById>, reply: FastifyReply, comment: string, work: () => Promise<string | Asked>): Promise<FastifyReply> {
    const { t, person } = request
    const task = await getTask(context, request.params.id, person)
    try {
      const done = await work()
      if (typeof done !== 'string') return await showApplication(context, request, reply.code(422), task.subject, { comment, asked: done })
      request.session.flash = { meaning: 'done', text: t(done) }
    } catch (error) {
      if (!(error instanceof AppError) || task.kind !== KIND) throw error
      const sentence = t(error.message, error.params)
      if (error.kind === 'conflict') return showApplication(context, request, reply.code(409), task.subject, { problem: sentence })
      if (error.kind === 'invalid' && error.fields) return showApplication(context, request, reply.code(422), task.subject, { comment, commentError: sentence })
      throw error
    }
    return reply.redirect(task.url, 303)
  }
}
