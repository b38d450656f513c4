import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { receive } from '../attachments.ts'
import type { Context } from '../deps.ts'
import { formPage } from '../pages/form.ts'
import { canEdit } from '../rules/application.ts'
import { readBody } from '../rules/body.ts'
import { type Faults, type Form, typedForm } from '../rules/form.ts'
import { promised } from '../rules/standing.ts'
import { type Application, getApplication } from '../store/applications.ts'
import { attachmentsOf } from '../store/attachments.ts'
import type { Verbs } from '../verbs/index.ts'
import { type ById, fieldIn } from './requests.ts'

/** Filling in: a new application, and the correction of one that came back. */
export async function formRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { catalogue, database: { db, write } } = context

  app.get<{ Params: { key: string } }>('/services/:key/apply', async (request, reply) => {
    return showForm(context, request, reply, await write(tx => verbs.open(tx, request.person, request.params.key)), {})
  })

  app.post<{ Params: { key: string } }>('/services/:key/apply', async (request, reply) => {
    const service = catalogue.get(request.params.key)
    const application = await getApplication(db, fieldIn(request.body, 'draft'))
    if (application.service_key !== service.key) throw new AppError('invalid', '提交的内容不完整或格式不对，请返回检查')
    return takeForm({ context, verbs }, request, reply, application)
  })

  app.get<ById>('/applications/:id/correction', async (request, reply) => {
    const application = await getApplication(db, request.params.id)
    if (application.status === 'draft') return reply.redirect(`/services/${application.service_key}/apply`, 303)
    if (!canEdit(application, request.person)) return reply.redirect(`/applications/${application.id}`, 303)
    return showForm(context, request, reply, application, {})
  })

  app.post<ById>('/applications/:id/correction', async (request, reply) =>
    takeForm({ context, verbs }, request, reply, await getApplication(db, request.params.id)))

  // Called by the page itself while one types; answers without a page.
  app.post<ById>('/applications/:id/draft', async (request, reply) => {
    const application = await getApplication(db, request.params.id)
    const { input } = readBody(await formFor(context, application), request.body)
    const { saved_at } = await write(tx => verbs.save(tx, request.person, { id: application.id, input }))
    return reply.code(saved_at === null ? 409 : 200).send({ saved_at })
  })
}

async function takeForm({ context, verbs }: { context: Context; verbs: Verbs }, request: FastifyRequest, reply: FastifyReply, application: Application): Promise<FastifyReply> {
  const { id } = application
  if (application.person_id !== request.person.person_id) throw new AppError('forbidden', '只有申请人可以提交')
  if (!canEdit(application, request.person)) return reply.redirect(`/applications/${id}`, 303) // sent twice, or a retry
  const form = await formFor(context, application)
  const body = readBody(form, request.body)
  const { kept, faults } = await receive(context.files, form, body.uploads)
  const sent = { id, input: body.input, uploads: kept, remove: body.remove, faults: { ...body.faults, ...faults } }
  const intent = fieldIn(request.body, 'intent')
  if (intent !== 'submit') {
    await context.database.write(tx => verbs.save(tx, request.person, sent))
    return Object.keys(sent.faults).length > 0 ? again(context, request, reply, id, sent.faults) : reply.redirect(intent === 'foresee' ? `/applications/${id}/approvers` : request.url, 303)
  }
  const submission = await context.database.write(tx => verbs.submit(tx, request.person, sent))
  return submission.outcome === 'refused' ? again(context, request, reply, id, submission.faults) : reply.redirect(`/applications/${id}`, 303)
}

/** The form comes back filled: what was typed and uploaded is with the draft by now. */
async function again(context: Context, request: FastifyRequest, reply: FastifyReply, id: string, faults: Faults): Promise<FastifyReply> {
  return showForm(context, request, reply.code(422), await getApplication(context.database.db, id), faults)
}

async function showForm(context: Context, request: FastifyRequest, reply: FastifyReply, application: Application, faults: Faults): Promise<FastifyReply> {
  const { t } = request
  const { catalogue, database: { db }, versions } = context
  const form = await formFor(context, application)
  const definition = application.status === 'draft' ? catalogue.get(application.service_key).definition : (await versions.get(db, application.version_id)).definition
  const input = application.draft ?? typedForm(form, application.form ?? {})
  const page = formPage(t, form, { input, faults, attachments: await attachmentsOf(db, application.id), application_id: application.id })
  return reply.page('services/form', {
    ...page, title: t(definition.title), id: application.id, action: request.url.split('?', 1)[0] ?? '', saved_at: application.saved_at,
    isDraft: application.status === 'draft', back: application.status === 'draft' ? `/services/${application.service_key}` : `/applications/${application.id}`,
    promise: promised(t, definition.guide.promise), steps: definition.flow.nodes.map(node => t(node.label)).join(' → '), scripts: ['js/show-when.js'], styles: ['css/pages/services.css'],
  })
}

async function formFor({ catalogue, versions, database: { db } }: Context, application: Application): Promise<Form> {
  return application.status === 'draft' ? catalogue.get(application.service_key).form : (await versions.get(db, application.version_id)).form
}
