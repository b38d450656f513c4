import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { LONGEST_COMMENT } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { type ById, fieldIn, refusalOf } from './requests.ts'
import { getTask } from './sight.ts'

type Typed = { to: string; straight: boolean; comment: string }

/** 退回 with a choice: to whom, and which way it comes back. */
export async function returningRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { approvals, database: { db, write } } = context

  app.get<ById>('/tasks/:id/return', async (request, reply) => show(request, reply, { to: 'applicant', straight: false, comment: '' }))

  app.post<ById>('/tasks/:id/return', async (request, reply) => {
    const { t, body, actor, params: { id } } = request
    const typed = { to: fieldIn(body, 'to'), straight: fieldIn(body, 'way') === 'straight', comment: fieldIn(body, 'comment') }
    const task = await getTask(context, id, request.person)
    const refused = await refusalOf(reply, write(tx => approvals.decide(tx, actor, { task_id: id, decision: 'return', via: 'page', ...typed })), 'conflict')
    if (refused) return show(request, reply, typed, refused)
    request.session.flash = { meaning: 'done', text: t(typed.to === 'applicant' ? '已退回申请人' : '已退回') }
    return reply.redirect(task.url, 303)
  })

  async function show(request: FastifyRequest<ById>, reply: FastifyReply, { to, straight, comment }: Typed, error?: AppError): Promise<FastifyReply> {
    const { t, person, params: { id } } = request
    const task = await getTask(context, id, person)
    if (task.person_id !== person.person_id) throw new AppError('not-found', '没有找到这项待办')
    const { earlier } = await approvals.optionsOf(db, task.instance_id, id)
    const said = (field: string) => error?.fields?.[field] && t(error.fields[field], error.params)
    return reply.page('services/returning', {
      title: t('退回申请'), about: t('{name}的{title}', { name: task.applicant_name, title: t(task.title) }), action: `/tasks/${id}/return`, back: task.url, label: t('确认退回'),
      problem: error && !error.fields ? t(error.message, error.params) : undefined,
      fields: [
        { name: 'to', type: 'radio', label: t('退回给谁'), value: to, required: true, error: said('to'), options: [
          { value: 'applicant', text: t('申请人'), help: t('由申请人修改后再提交') }, ...earlier.toReversed().map(step => ({ value: step.id, text: t(step.label), help: t('由这一环节重新办理') })),
        ] },
        { name: 'way', type: 'radio', label: t('再次送来时'), value: straight ? 'straight' : 'again', options: [
          { value: 'again', text: t('重新走流程'), help: t('从退回的环节起，逐个环节再办一遍') }, { value: 'straight', text: t('直接送回本环节'), help: t('中间已经办过的环节不再办') },
        ] },
        { name: 'comment', type: 'textarea', rows: 3, label: t('需要修改什么'), value: comment, required: true, maxlength: LONGEST_COMMENT, error: said('comment') },
      ],
      styles: ['css/pages/services.css'],
    })
  }
}
