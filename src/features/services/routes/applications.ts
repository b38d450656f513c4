import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { Context } from '../deps.ts'
import { ATTACHMENT_MIMES } from '../fields/files.ts'
import { applicationPage, demandSight } from '../pages/application.ts'
import { forgottenPage } from '../pages/forgotten.ts'
import { canOpen } from '../rules/scan.ts'
import { sightOf } from '../rules/sight.ts'
import { getApplication } from '../store/applications.ts'
import { findAttachment } from '../store/attachments.ts'
import type { Asked } from '../pages/asked.ts'
import type { Verbs } from '../verbs/index.ts'
import { SCRIPTS } from './forms.ts'
import { type ById, fieldIn } from './requests.ts'

/** One application: its page and what its applicant does with it. */
export async function applicationRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { database: { db, write } } = context

  app.get<ById>('/applications/:id', async (request, reply) => showApplication(context, request, reply, request.params.id))

  app.get<ById>('/applications/:id/withdrawal', async (request, reply) => {
    const { t } = request
    const application = await getApplication(db, request.params.id)
    if (application.person_id !== request.person.person_id) throw new AppError('forbidden', '只有申请人可以撤回')
    return reply.page('services/question', { title: t('撤回申请'), confirm: {
      title: t('撤回申请'), sentence: t('撤回“{title}”（{number}）？', { title: t(application.title), number: application.number ?? '' }),
      effects: [t('正在审批的人不再看到它'), t('撤回后不能恢复，可以复制为新申请')],
      danger: true, action: request.url, label: t('撤回'), back: `/applications/${application.id}`,
    } })
  })

  app.post<ById>('/applications/:id/withdrawal', async (request, reply) =>
    act(request, reply, () => write(tx => verbs.withdraw(tx, request.person, request.params.id)), '申请已撤回'))

  app.post<ById>('/applications/:id/urging', async (request, reply) =>
    act(request, reply, () => write(tx => verbs.urge(tx, request.person, request.params.id)), '已催办，办理人会收到提醒'))

  app.post<ById>('/applications/:id/copy', async (request, reply) => {
    const draft = await write(tx => verbs.copyAsNew(tx, request.person, request.params.id))
    return reply.redirect(`/services/${draft.service_key}/apply`, 303)
  })

  app.get<ById>('/applications/:id/deletion', async (request, reply) => {
    const { t } = request
    const application = await getApplication(db, request.params.id)
    if (application.person_id !== request.person.person_id) throw new AppError('forbidden', '只有本人可以改这份草稿')
    return reply.page('services/question', { title: t('删除草稿'), confirm: {
      title: t('删除草稿'), sentence: t('删除“{title}”的草稿？填写的内容和上传的附件都会删除', { title: t(application.title) }),
      danger: true, action: request.url, label: t('删除'), back: `/services/${application.service_key}/apply`,
    } })
  })

  app.post<ById>('/applications/:id/deletion', async (request, reply) => {
    await write(tx => verbs.discard(tx, request.person, request.params.id))
    request.session.flash = { meaning: 'done', text: request.t('草稿已删除') }
    return reply.redirect('/', 303)
  })

  app.post<ById>('/applications/:id/whole', async (request, reply) => {
    const { id } = request.params
    const field = fieldIn(request.body, 'field')
    await demandSight(context, db, await getApplication(db, id), request.person)
    const text = await write(tx => verbs.seeWhole(tx, request.person, { id, field }))
    return showApplication(context, request, reply, id, { whole: { field, text } })
  })

  app.get<{ Params: { id: string; attachment: string } }>('/applications/:id/attachments/:attachment', async (request, reply) => {
    const { id, attachment } = request.params
    const application = await getApplication(db, id)
    const nodes = await demandSight(context, db, application, request.person)
    const { definition: { flow }, form } = await context.versions.get(db, application.version_id)
    const sight = sightOf({ person_id: application.person_id, flow, form, nodes }, request.person)
    const file = await findAttachment(db, id, attachment)
    if (!file || sight.get(file.field) === 'hidden') throw new AppError('not-found', '没有找到这个附件')
    if (!canOpen(file, request.person.person_id)) throw new AppError('forbidden', file.status === 'waiting' ? '这个文件正在检查病毒，请过一会儿再打开' : '这个文件没有通过病毒检查，不能打开')
    const stream = await context.files.open(file.sha256)
    // Never shown inside our origin, whatever it is: saved, and named by its content.
    return reply.headers({
      'content-type': ATTACHMENT_MIMES[file.type], 'content-length': file.size, 'x-content-type-options': 'nosniff',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name).replace(/['()*]/g, found => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)}`,
    }).send(stream)
  })

  /** Who comes too late reads on the application's page what has happened. */
  async function act(request: FastifyRequest<ById>, reply: FastifyReply, work: () => Promise<void>, done: string): Promise<FastifyReply> {
    const { id } = request.params
    try {
      await work()
    } catch (error) {
      if (error instanceof AppError && error.kind === 'conflict') return showApplication(context, request, reply.code(409), id, { problem: request.t(error.message, error.params) })
      throw error
    }
    request.session.flash = { meaning: 'done', text: request.t(done) }
    return reply.redirect(`/applications/${id}`, 303)
  }
}

type Extra = { problem?: string; whole?: { field: string; text: string }; comment?: string; commentError?: string; filesError?: string; asked?: Asked }

export async function showApplication(context: Context, request: FastifyRequest, reply: FastifyReply, id: string, { asked, ...extra }: Extra = {}): Promise<FastifyReply> {
  const application = await getApplication(context.database.db, id)
  if (application.status === 'draft') {
    await demandSight(context, context.database.db, application, request.person)
    return reply.redirect(`/services/${application.service_key}/apply`, 303)
  }
  if (application.forgotten_at !== null) {
    await demandSight(context, context.database.db, application, request.person)
    return reply.page('services/forgotten', forgottenPage(request.t, application, request.person))
  }
  const page = await applicationPage(context, request.t, application, request.person, asked)
  return reply.page('services/application', { ...page, ...extra, section: page.back.href, ...(page.task?.asked && { scripts: SCRIPTS }), styles: ['css/pages/services.css', 'css/pages/forms.css'] })
}
