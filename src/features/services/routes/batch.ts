import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { LONGEST_COMMENT, type TaskView } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { OWN } from '../choices.ts'
import { type Asked, choiceAsked } from '../pages/batch.ts'
import { errorsOf } from '../pages/form.ts'
import { readBody } from '../rules/body.ts'
import { askedPart } from '../verbs/decide.ts'
import type { Verbs } from '../verbs/index.ts'
import { fieldIn, fieldsIn } from './requests.ts'
import { missesMore } from './tasks.ts'

type Decision = 'approve' | 'reject'
const DecisionWord = Type.Enum(['approve', 'reject'])
/** `text`: why it was not done; `asks`: it may be for want of a choice. */
type Result = { task: TaskView | null; text?: string; asks?: boolean }
/** As many at a time as the strongest peers take. */
const MOST = 500

/** 批量办理: each on its own, with a result per item; one that cannot be decided holds no other up. */
export async function batchRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { approvals, database: { db, write } } = context

  app.get('/received/batch', async (request, reply) => show(request, reply, [], ''))

  app.post('/received/batch', async (request, reply) => {
    const { t, body, person } = request
    const [ids, later, comment] = [fieldsIn(body, 'task'), fieldsIn(body, 'later'), fieldIn(body, 'comment')]
    const decision: unknown = fieldIn(body, 'decision')
    if (!fits<Decision>(DecisionWord, decision)) throw new AppError('invalid', '请选择同意或驳回')
    const fault = faultOf([...ids, ...later], decision, comment)
    if (fault) return show(request, reply.code(422), ids, comment, fault)
    const results: Result[] = []
    for (const id of ids) results.push(await resultOf(request, await ownTask(id, person), decision, comment))
    const done = results.filter(result => !result.text).length
    const waiting = [...results.flatMap(({ task, asks }) => task && asks ? [task] : []), ...(await Promise.all(later.map(id => ownTask(id, person)))).filter(task => task !== null)]
    const choice = await choiceAsked(context, db, t, person, waiting)
    return reply.page('services/batch-results', {
      title: t('批量办理结果'), lead: t('{done} 项已办理，{rest} 项没有办理', { done, rest: results.length - done + later.length }), comment, ...(choice && { choice: choicePage(request, choice) }), styles: ['css/pages/services.css', 'css/pages/forms.css'],
      items: results.map(({ task, text }) => ({
        title: task ? titleOf(request, task) : t('未知的待办'), note: text, ...(task && { href: task.url }),
        tag: text ? { text: t('没有办理'), meaning: 'red' } : { text: t(decision === 'approve' ? '同意' : '驳回'), meaning: decision === 'approve' ? 'green' : 'red' },
      })),
    })
  })

  /** That another's task is there is told to nobody. */
  async function ownTask(id: string, { person_id }: FastifyRequest['person']): Promise<TaskView | null> {
    const task = await approvals.taskById(db, id)
    return task?.person_id === person_id ? task : null
  }

  async function resultOf(request: FastifyRequest, task: TaskView | null, decision: Decision, comment: string): Promise<Result> {
    const { t } = request
    if (!task) return { task, text: t('没有找到这项待办') }
    try {
      const text = await decideOne(request, task, decision, comment)
      return { task, ...(text !== undefined && { text, asks: true }) }
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'upstream') throw error
      return { task, text: t(error.message, error.params), asks: missesMore(error) }
    }
  }

  /** What is wrong with the choice that came along; undefined once it is decided. */
  async function decideOne({ t, body, person, actor }: FastifyRequest, task: TaskView, decision: Decision, comment: string): Promise<string | undefined> {
    if (!hasChoice(body)) return void await write(tx => approvals.decide(tx, actor, { task_id: task.id, decision, comment, via: 'page' }))
    const { input } = readBody(await askedPart(context, db, task, person), body)
    const { faults } = await write(tx => verbs.decide(tx, person, { task, decision, comment, input }))
    return Object.values(errorsOf(t, faults))[0]
  }

  function choicePage(request: FastifyRequest, { tasks, later, fields }: Asked) {
    const { t } = request
    return {
      title: t('有 {n} 项要先选办理人', { n: tasks.length }), names: tasks.map(task => titleOf(request, task)).join(t('、')), fields, tasks: tasks.map(task => task.id), later: later.map(task => task.id),
      ...(later.length > 0 && { rest: t('可选的人不同的还有 {n} 项，选完这一组再选', { n: later.length }) }),
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

function hasChoice(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).some(name => name.startsWith(OWN))
}

function titleOf({ t }: FastifyRequest, task: TaskView): string {
  return t('{name}的{title}', { name: task.applicant_name, title: t(task.title) })
}
