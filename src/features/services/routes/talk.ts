import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { LONGEST_COMMENT } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { receiveSaid } from '../attachments.ts'
import { demandSight } from '../pages/application.ts'
import { choosingPage } from '../pages/choosing.ts'
import { saidPage } from '../pages/said.ts'
import { getApplication } from '../store/applications.ts'
import { comment } from '../verbs/comment.ts'
import { type ById, fieldIn, fieldsIn, namedIn, refusalOf } from './requests.ts'

type Typed = { q: string; to: string[]; comment: string }

/** What whoever may see an application may say about it: 留言, 抄送. And 减签 and 撤销, which take something back. */
export async function talkRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { approvals, database: { db, write } } = context

  app.get<ById>('/applications/:id/comments', async (request, reply) => showComment(request, reply, ''))

  app.post<ById>('/applications/:id/comments', async (request, reply) => {
    const text = fieldIn(request.body, 'comment')
    const { id, instance_id } = await seen(request)
    const { kept, fault } = await receiveSaid(context.files, namedIn(request.body).files)
    if (fault) return showComment(request, reply.code(422), text, { files: request.t(fault.sentence, fault.params) })
    const refused = await refusalOf(reply, write(tx => comment(context, tx, request.actor, { id, instance_id, text, uploads: kept })))
    if (refused) return showComment(request, reply, text, { comment: request.t(refused.message, refused.params) })
    return done(request, reply, '留言已发出')
  })

  app.get<ById>('/applications/:id/copies', async (request, reply) => showCopies(request, reply, { q: '', to: [], comment: '' }))

  app.post<ById>('/applications/:id/copies', async (request, reply) => {
    const { body, actor } = request
    const typed = { q: fieldIn(body, 'q'), to: fieldsIn(body, 'to'), comment: fieldIn(body, 'comment') }
    const { instance_id } = await seen(request)
    if (fieldIn(body, 'intent') === 'search') return showCopies(request, reply, typed)
    const refused = await refusalOf(reply, write(tx => approvals.sendCopy(tx, actor, { instance_id, to: typed.to, text: typed.comment })), 'conflict')
    if (refused) return showCopies(request, reply, typed, refused)
    return done(request, reply, '已抄送')
  })

  app.post<ById & { Params: { seat: string } }>('/applications/:id/signers/:seat/removal', async (request, reply) => {
    const { instance_id } = await seen(request)
    await write(tx => approvals.removeSigner(tx, request.actor, { instance_id, seat: Number(request.params.seat) }))
    return done(request, reply, '已减签')
  })

  app.get<ById>('/applications/:id/revocation', async (request, reply) => showRevocation(request, reply, ''))

  app.post<ById>('/applications/:id/revocation', async (request, reply) => {
    const reason = fieldIn(request.body, 'reason')
    const { instance_id } = await seen(request)
    const refused = await refusalOf(reply, write(tx => approvals.revoke(tx, request.actor, { instance_id, reason })))
    if (refused) return showRevocation(request, reply, reason, refused)
    return done(request, reply, '申请已撤销')
  })

  /** Throws `forbidden` for whom the application is none of their business, `conflict` for a draft. */
  async function seen({ params: { id }, person }: FastifyRequest<ById>) {
    const application = await getApplication(db, id)
    await demandSight(context, db, application, person)
    if (application.instance_id === null) throw new AppError('conflict', '这份申请还没有提交')
    return { ...application, instance_id: application.instance_id }
  }

  async function showComment(request: FastifyRequest<ById>, reply: FastifyReply, text: string, errors: { comment?: string; files?: string } = {}): Promise<FastifyReply> {
    const { t } = request
    const { id, title } = await seen(request)
    return reply.page('services/returning', {
      title: t('留言'), about: t(title), action: `/applications/${id}/comments`, back: `/applications/${id}`, label: t('发出'),
      fields: [{ name: 'comment', type: 'textarea', rows: 4, label: t('留言'), help: t('能看到这份申请的人都能看到'), value: text, required: true, maxlength: LONGEST_COMMENT, error: errors.comment }],
      files: saidPage(t, errors.files),
      styles: ['css/pages/services.css', 'css/pages/forms.css'],
    })
  }

  async function showCopies(request: FastifyRequest<ById>, reply: FastifyReply, typed: Typed, error?: AppError): Promise<FastifyReply> {
    const { t } = request
    const { id, title } = await seen(request)
    const said = (field: string) => error?.fields?.[field] && t(error.fields[field], error.params)
    return reply.page('services/passing', {
      title: t('抄送'), lead: t('对方可以看到这份申请，不需要办理'), about: t(title), action: `/applications/${id}/copies`, back: `/applications/${id}`, how: '', fields: [], label: t('抄送'),
      problem: error && !error.fields ? t(error.message, error.params) : undefined,
      choosing: await choosingPage(context, t, { ...typed, many: true }, said('to')),
      comment: { name: 'comment', type: 'textarea', rows: 3, label: t('给对方的说明'), value: typed.comment, maxlength: LONGEST_COMMENT, error: said('comment') },
      styles: ['css/pages/services.css'],
    })
  }

  async function showRevocation(request: FastifyRequest<ById>, reply: FastifyReply, reason: string, error?: AppError): Promise<FastifyReply> {
    const { t } = request
    const { id, title, person_id } = await seen(request)
    if (person_id !== request.person.person_id) throw new AppError('forbidden', '只有申请人可以撤销')
    return reply.page('services/question', { title: t('撤销申请'), confirm: {
      title: t('撤销申请'), sentence: t('撤销已经通过的“{title}”？', { title: t(title) }), effects: [t('审批结果不再有效'), t('撤销后不能恢复，可以复制为新申请')], danger: true,
      action: request.url, label: t('撤销'), back: `/applications/${id}`, reason: { label: t('撤销的理由'), value: reason, required: true, maxlength: LONGEST_COMMENT, error: error && t(error.message, error.params) },
    } })
  }
}

function done(request: FastifyRequest<ById>, reply: FastifyReply, text: string): FastifyReply {
  request.session.flash = { meaning: 'done', text: request.t(text) }
  return reply.redirect(`/applications/${request.params.id}`, 303)
}
