import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { receive } from '../attachments.ts'
import type { Context } from '../deps.ts'
import { formPage } from '../pages/form.ts'
import { afterAct, readAct } from '../rules/acts.ts'
import { readBody } from '../rules/body.ts'
import { type Faults, type Form, type Input, typedForm } from '../rules/form.ts'
import { foundFor, knownIn } from '../known.ts'
import { type Application, getApplication } from '../store/applications.ts'
import { attachmentsOf } from '../store/attachments.ts'
import { writablePart } from '../verbs/amend.ts'
import type { Verbs } from '../verbs/index.ts'
import { SCRIPTS } from './forms.ts'
import { type ById, fieldIn } from './requests.ts'
import { readTyped } from './typing.ts'

/** What an approver fills in at a step that gives single fields into their hands. */
export async function fillingRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { database: { db, write } } = context

  app.get<ById>('/applications/:id/filling', async (request, reply) => {
    const { application, part } = await opened(request)
    return show(request, reply, application, part, { input: typedForm(part, application.form ?? {}), faults: {} })
  })

  app.post<ById>('/applications/:id/filling', async (request, reply) => {
    const { application, part } = await opened(request)
    const body = readBody(part, request.body)
    const act = readAct(fieldIn(request.body, 'act'))
    const { kept, faults } = await receive(context.files, part, body.uploads)
    const sent = { id: application.id, input: body.input, uploads: kept, remove: body.remove }
    if (act || body.remove.length > 0) {
      await write(tx => verbs.attach(tx, request.person, sent))
      return show(request, reply, application, part, { input: act ? afterAct(part, body.input, act) : body.input, faults })
    }
    const result = await write(tx => verbs.amend(tx, request.person, { ...sent, faults: { ...body.faults, ...faults } }))
    if (Object.keys(result.faults).length > 0) return show(request, reply.code(422), application, part, { input: body.input, faults: result.faults })
    request.session.flash = { meaning: 'done', text: request.t('填写的内容已保存，还没有给出审批意见') }
    return reply.redirect(`/applications/${application.id}`, 303)
  })

  async function opened({ params: { id }, person }: FastifyRequest<ById>): Promise<{ application: Application; part: Form }> {
    const application = await getApplication(db, id)
    const version = await context.versions.get(db, application.version_id)
    const part = application.instance_id && application.status === 'running' ? await writablePart(context, db, application.instance_id, version, person) : { fields: [] }
    if (part.fields.length === 0) throw new AppError('forbidden', '这一环节没有要填写的内容，或者已经由别人办理')
    return { application, part }
  }

  async function show(request: FastifyRequest<ById>, reply: FastifyReply, application: Application, part: Form, { input, faults }: { input: Input; faults: Faults }): Promise<FastifyReply> {
    const { t } = request
    const { id, form } = application
    const { values } = await readTyped(context, db, { part, input, given: form ?? {} })
    const drawn = { input, faults, values, viewer_id: request.person.person_id, attachments: await attachmentsOf(db, id), known: await knownIn(context, db, part, input), found: await foundFor(context, db, part, input) }
    return reply.page('services/filling', {
      ...formPage(t, { fields: part.fields.filter(field => !field.compute) }, drawn), title: t('填写审批环节的内容'), lead: t('{name}的{title}', { name: application.person_name, title: t(application.title) }),
      action: `/applications/${id}/filling`, back: `/applications/${id}`, scripts: SCRIPTS, styles: ['css/pages/services.css', 'css/pages/forms.css'],
    })
  }
}
