import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { LONGEST_COMMENT, type TaskView } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { fieldIn, fieldsIn } from './requests.ts'

type Decision = 'approve' | 'reject'
const DecisionWord = Type.Enum(['approve', 'reject'])
/** As many at a time as the strongest peers take. */
const MOST = 500

/** 批量办理: each on its own, with a result per item; one that cannot be decided holds no other up. */
export async function batchRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { approvals, database: { db, write } } = context

  app.get('/received/batch', async (request, reply) => show(request, reply, [], ''))

  app.post('/received/batch', async (request, reply) => {
    const { t, body, actor, person } = request
    const [ids, comment] = [fieldsIn(body, 'task'), fieldIn(body, 'comment')]
    const decision: unknown = fieldIn(body, 'decision')
    if (!fits<Decision>(DecisionWord, decision)) throw new AppError('invalid', '请选择同意或驳回')
    const fault = faultOf(ids, decision, comment)
    if (fault) return show(request, reply.code(422), ids, comment, fault)
    const results = []
    for (const id of ids) {
      const task = await approvals.taskById(db, id)
      // That another's task is there is told to nobody.
      const outcome = task?.person_id === person.person_id ? await decideOne(id, decision, comment, actor) : { text: '没有找到这项待办' }
      results.push({ task: task?.person_id === person.person_id ? task : null, ...outcome })
    }
    const done = results.filter(result => !result.text).length
    return reply.page('services/batch-results', {
      title: t('批量办理结果'), lead: t('{done} 项已办理，{rest} 项没有办理', { done, rest: results.length - done }),
      items: results.map(({ task, text, params }) => ({
        title: task ? titleOf(request, task) : t('未知的待办'), note: text ? t(text, params) : undefined, ...(task && { href: task.url }),
        tag: text ? { text: t('没有办理'), meaning: 'red' } : { text: t(decision === 'approve' ? '同意' : '驳回'), meaning: decision === 'approve' ? 'green' : 'red' },
      })),
    })
  })

  async function decideOne(task_id: string, decision: Decision, comment: string, actor: FastifyRequest['actor']): Promise<{ text?: string; params?: AppError['params'] }> {
    try {
      await write(tx => approvals.decide(tx, actor, { task_id, decision, comment, via: 'page' }))
      return {}
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'upstream') throw error
      return { text: error.message, params: error.params }
    }
  }

  async function show(request: FastifyRequest, reply: FastifyReply, chosen: readonly string[], comment: string, error?: { field: 'task' | 'comment'; sentence: string }): Promise<FastifyReply> {
    const { t, person } = request
    const tasks = (await approvals.openTasksOf(db, person.person_id, { limit: MOST })).filter(task => task.wants === 'decide')
    const said = (field: string) => error?.field === field ? t(error.sentence, { most: field === 'task' ? MOST : LONGEST_COMMENT }) : undefined
    return reply.page('services/batch', {
      title: t('批量办理'), lead: t('选中的事项给出同样的意见'), empty: tasks.length === 0,
      tasks: { name: 'task', type: 'checkbox', label: t('待办'), value: [...chosen], error: said('task'), options: tasks.map(task => ({ value: task.id, text: titleOf(request, task), help: [task.applicant_number, t(task.label)].filter(Boolean).join(' · ') })) },
      comment: { name: 'comment', type: 'textarea', rows: 3, label: t('审批意见'), help: t('驳回时必须写明理由'), value: comment, maxlength: LONGEST_COMMENT, error: said('comment') },
    })
  }
}

function faultOf(ids: readonly string[], decision: Decision, comment: string): { field: 'task' | 'comment'; sentence: string } | null {
  if (ids.length === 0) return { field: 'task', sentence: '请选择要办理的事项' }
  if (ids.length > MOST) return { field: 'task', sentence: '一次最多办理 {most} 项' }
  if (decision === 'reject' && comment.trim() === '') return { field: 'comment', sentence: '请填写驳回的理由' }
  return [...comment.trim()].length > LONGEST_COMMENT ? { field: 'comment', sentence: '意见不能超过 {most} 个字' } : null
}

function titleOf({ t }: FastifyRequest, task: TaskView): string {
  return t('{name}的{title}', { name: task.applicant_name, title: t(task.title) })
}
