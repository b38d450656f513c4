import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { TaskView } from '../../approvals/index.ts'
import { LONGEST_COMMENT } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { knownIn } from '../known.ts'
import { correctionsPage } from '../pages/corrections.ts'
import { readMarks } from '../rules/corrections.ts'
import { applicantsPart, type Faults } from '../rules/form.ts'
import { sightOf } from '../rules/sight.ts'
import { getApplication } from '../store/applications.ts'
import type { Verbs } from '../verbs/index.ts'
import { KIND } from '../verbs/submit.ts'
import { showApplication } from './applications.ts'
import { type ById, fieldIn } from './requests.ts'

/** 逐项退回: an approver marks what is wrong, field by field, and returns the application with it. */
export async function correctionRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { approvals, versions, database: { db, write } } = context

  app.get<ById>('/tasks/:id/corrections', async (request, reply) => show(request, reply, await getTask(request), {}))

  app.post<ById>('/tasks/:id/corrections', async (request, reply) => {
    const { t, body, person } = request
    const task = await getTask(request)
    const { form } = await versions.get(db, (await getApplication(db, task.subject)).version_id)
    const { marks, faults } = readMarks(applicantsPart(form), body)
    if (Object.keys(faults).length > 0) return show(request, reply.code(422), task, faults)
    if (marks.length === 0) return show(request, reply.code(422), task, { _form: { sentence: '请至少选一项要修改的内容' } })
    try {
      await write(tx => verbs.askCorrections(tx, person, { task_id: task.id, application_id: task.subject, marks, comment: fieldIn(body, 'comment') }))
    } catch (error) {
      if (error instanceof AppError && error.kind === 'conflict') return showApplication(context, request, reply.code(409), task.subject, { problem: t(error.message, error.params) })
      if (error instanceof AppError && error.kind === 'invalid') return show(request, reply.code(422), task, { comment: { sentence: error.message, ...(error.params && { params: error.params }) } })
      throw error
    }
    request.session.flash = { meaning: 'done', text: t('已退回申请人修改') }
    return reply.redirect(task.url, 303)
  })

  // That there is such a task is told to its holder alone.
  async function getTask({ params: { id }, person }: FastifyRequest<ById>): Promise<TaskView> {
    const task = await approvals.taskById(db, id)
    if (!task || task.kind !== KIND || task.person_id !== person.person_id) throw new AppError('not-found', '没有找到这项待办')
    return task
  }

  async function show(request: FastifyRequest<ById>, reply: FastifyReply, task: TaskView, faults: Faults): Promise<FastifyReply> {
    if (task.status !== 'open') return reply.redirect(task.url, 303)
    const { t, person, body } = request
    const application = await getApplication(db, task.subject)
    const { definition: { flow, form: { on_correction } }, form } = await versions.get(db, application.version_id)
    const values = application.form ?? {}
    const sight = sightOf({ person_id: application.person_id, flow, form, nodes: await approvals.nodesOf(db, task.instance_id) }, person)
    const fields = applicantsPart(form).fields.filter(field => sight.get(field.definition.key) !== 'hidden')
    return reply.page('services/corrections', {
      ...correctionsPage(t, { fields }, values, { body, faults, known: await knownIn(context, db, form, values) }),
      title: t('逐项退回修改'), lead: t('{name}的{title}', { name: application.person_name, title: t(application.title) }), isLocked: on_correction === 'locked',
      action: `/tasks/${task.id}/corrections`, back: task.url, comment: fieldIn(body, 'comment'), longest: LONGEST_COMMENT, styles: ['css/pages/services.css', 'css/pages/forms.css'],
    })
  }
}
