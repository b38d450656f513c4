import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { T } from '../../../platform/text.ts'
import type { Flow } from '../../approvals/index.ts'
import { receive } from '../attachments.ts'
import type { Context } from '../deps.ts'
import { stopFor } from '../limits.ts'
import { formPage, takenName } from '../pages/form.ts'
import { stopNotice } from '../pages/limits.ts'
import { type Act, afterAct, readAct } from '../rules/acts.ts'
import { canEdit } from '../rules/application.ts'
import { readBody } from '../rules/body.ts'
import type { Faults } from '../rules/form.ts'
import { liveTexts, unaskedKeys } from '../rules/live.ts'
import { promised } from '../rules/standing.ts'
import { type Application, findDraft, getApplication } from '../store/applications.ts'
import { takenBeside } from '../taken.ts'
import { keyOf, partOf } from '../verbs/draft.ts'
import type { Verbs } from '../verbs/index.ts'
import { type ById, fieldIn } from './requests.ts'
import { drawnFrom, typingOf, versionFor } from './typing.ts'

/** Filling in: a new application, and the correction of one that came back. */
export async function formRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { catalogue, database: { db, write } } = context

  app.get<{ Params: { key: string } }>('/services/:key/apply', async (request, reply) => {
    const { person, params: { key } } = request
    const service = catalogue.get(key)
    // What cannot be sent is not begun; the guide says why. What was begun can be looked at and kept.
    if (await stopFor(context, db, person, service) && !(await findDraft(db, keyOf(person, service)))?.saved_at) return reply.redirect(`/services/${key}`, 303)
    return showForm(context, request, reply, await write(tx => verbs.open(tx, person, key)), {})
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

  // Called by the page itself while one types; answers without a page: when it was kept, what calculations come to, what is not asked.
  app.post<ById>('/applications/:id/draft', async (request, reply) => {
    const { t, person, body, params: { id } } = request
    const application = await getApplication(db, id)
    const { input } = readBody(await partOf(context, db, application, await versionFor(context, db, application)), body)
    const { saved_at } = await write(tx => verbs.save(tx, person, { id, input }))
    if (saved_at === null) return reply.code(409).send({ saved_at })
    const typing = await typingOf(context, db, person, await getApplication(db, id))
    const taken = await takenBeside(context, t, typing)
    return reply.send({ saved_at, live: { ...liveTexts(typing.part, typing.values, typing.input, t), ...(taken && { [takenName(taken.field)]: taken.text }) }, unasked: unaskedKeys(typing.part, typing.values) })
  })
}

async function takeForm({ context, verbs }: { context: Context; verbs: Verbs }, request: FastifyRequest, reply: FastifyReply, application: Application): Promise<FastifyReply> {
  const { id } = application
  const { db, write } = context.database
  if (application.person_id !== request.person.person_id) throw new AppError('forbidden', '只有申请人可以提交')
  if (!canEdit(application, request.person)) return reply.redirect(`/applications/${id}`, 303) // sent twice, or a retry
  const part = await partOf(context, db, application, await versionFor(context, db, application))
  const body = readBody(part, request.body)
  const act = readAct(fieldIn(request.body, 'act'))
  const { kept, faults } = await receive(context.files, part, body.uploads)
  const sent = { id, input: act ? afterAct(part, body.input, act) : body.input, uploads: kept, remove: body.remove, faults: { ...body.faults, ...faults } }
  const intent = fieldIn(request.body, 'intent')
  if (intent !== 'submit') {
    await write(tx => verbs.save(tx, request.person, sent))
    return Object.keys(sent.faults).length > 0 ? again(context, request, reply, id, sent.faults) : reply.redirect(intent === 'foresee' ? `/applications/${id}/approvers` : backTo(request, act), 303)
  }
  const submission = await write(tx => verbs.submit(tx, request.person, sent))
  return submission.outcome === 'refused' ? again(context, request, reply, id, submission.faults) : reply.redirect(`/applications/${id}`, 303)
}

/** The steps where they are the same for everyone; what depends on the form is told by 谁来审批. */
function stepsLine(t: T, { nodes }: Flow): string | null {
  return nodes.every(node => node.kind === 'approval') ? nodes.map(node => t(node.label)).join(' → ') : null
}

/** To the field whose button was pressed. */
function backTo({ url }: FastifyRequest, act: Act | null): string {
  const path = url.split('?', 1)[0] ?? ''
  if (!act) return path
  return `${path}${act.verb === 'show' ? `?show=${act.field}` : ''}#part-${act.field}`
}

/** The form comes back filled: what was typed and uploaded is with the draft by now. */
async function again(context: Context, request: FastifyRequest, reply: FastifyReply, id: string, faults: Faults): Promise<FastifyReply> {
  return showForm(context, request, reply.code(422), await getApplication(context.database.db, id), faults)
}

async function showForm(context: Context, request: FastifyRequest, reply: FastifyReply, application: Application, faults: Faults): Promise<FastifyReply> {
  const { t } = request
  const typing = await typingOf(context, context.database.db, request.person, application)
  const { definition } = typing.version
  const stop = application.status === 'draft' && !faults['_form'] ? stopNotice(t, await stopFor(context, context.database.db, request.person, { key: application.service_key, definition })) : null
  const { form, ...drawn } = await drawnFrom(context, request, typing)
  return reply.page('services/form', {
    ...formPage(t, form, { ...drawn, faults, taken: await takenBeside(context, t, typing) }), title: t(definition.title), id: application.id, action: request.url.split('?', 1)[0] ?? '', saved_at: application.saved_at,
    isDraft: application.status === 'draft', stop, asked: drawn.marks.length, isLocked: drawn.locked.keys.size > 0, back: application.status === 'draft' ? `/services/${application.service_key}` : `/applications/${application.id}`,
    promise: promised(t, definition.guide.promise), steps: stepsLine(t, definition.flow), scripts: SCRIPTS, styles: ['css/pages/services.css', 'css/pages/forms.css'],
  })
}

export const SCRIPTS = ['js/show-when.js', 'js/form-parts.js']
