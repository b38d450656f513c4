import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../../../platform/errors.ts'
import { can } from '../../../platform/rights.ts'
import { fits } from '../../../platform/schema.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { Decision, TaskView } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { KIND } from '../verbs/submit.ts'
import { showApplication } from './applications.ts'
import { type ById, fieldIn } from './requests.ts'

const DecisionWord = Type.Enum(['approve', 'reject', 'return'])
const DONE: Record<Decision, string> = { approve: '已同意', reject: '已驳回', return: '已退回申请人' }

/** 待办: to its page, and the decision on it. */
export async function taskRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { approvals, database: { db, write } } = context

  app.get<ById>('/tasks/:id', async (request, reply) => reply.redirect((await getTask(request.params.id, request.person)).url, 303))

  app.post<ById>('/tasks/:id/decision', async (request, reply) => {
    const { t, body, actor } = request
    const task = await getTask(request.params.id, request.person)
    const decision: unknown = fieldIn(body, 'decision')
    const comment = fieldIn(body, 'comment')
    if (!fits<Decision>(DecisionWord, decision)) throw new AppError('invalid', '请选择同意、驳回或退回')
    try {
      await write(tx => approvals.decide(tx, actor, { task_id: task.id, decision, comment, via: 'page' }))
    } catch (error) {
      if (!(error instanceof AppError) || task.kind !== KIND) throw error
      const sentence = t(error.message, error.params)
      if (error.kind === 'conflict') return showApplication(context, request, reply.code(409), task.subject, { problem: sentence })
      if (error.kind === 'invalid') return showApplication(context, request, reply.code(422), task.subject, { comment, commentError: sentence })
      throw error
    }
    request.session.flash = { meaning: 'done', text: t(DONE[decision]) }
    return reply.redirect(task.url, 303)
  })

  // That it is there, and whose it is, is told to those alone who may see what it is about.
  async function getTask(id: string, viewer: SignedIn): Promise<TaskView> {
    const task = await approvals.taskById(db, id)
    if (!task || !await concerns(task, viewer)) throw new AppError('not-found', '没有找到这项待办')
    return task
  }

  async function concerns({ person_id, applicant_id, instance_id }: TaskView, viewer: SignedIn): Promise<boolean> {
    if ([person_id, applicant_id].includes(viewer.person_id) || can(viewer, 'applications.read')) return true
    return (await approvals.nodesOf(db, instance_id)).some(node => node.tasks.some(task => task.person_id === viewer.person_id))
  }
}
