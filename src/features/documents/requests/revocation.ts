import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { T } from '../../../platform/text.ts'
import { canRevokeOwn, documentMachine, LONGEST_REASON } from '../rules.ts'
import { Revocation } from '../schema.ts'
import { getDocument } from '../store.ts'
import type { DocumentRow } from '../tables.ts'
import type { Verbs } from '../verbs.ts'
import { findOfDocument } from './store.ts'

type Deps = { database: Database; verbs: Verbs }
type ById = { Params: { id: string } }

/** Its owner makes a paper void: a page with a question, because it cannot be taken back. */
export function ownRevocation({ database: { db, write }, verbs }: Deps): FastifyPluginAsync {
  async function own({ person, params: { id } }: FastifyRequest<ById>): Promise<DocumentRow> {
    const document = await getDocument(db, id)
    if (document.person_id !== person.person_id) throw new AppError('not-found', '没有找到这份文件')
    if (!canRevokeOwn(person, document)) throw new AppError('conflict', documentMachine.sentences?.[document.status] ?? '')
    return document
  }

  async function show(request: FastifyRequest<ById>, reply: FastifyReply, typed = '', errors: Record<string, string> = {}) {
    const document = await own(request)
    const paid = ((await findOfDocument(db, document.id))?.price ?? 0) > 0
    return reply.page('documents/revocation', ownRevocationPage(document, { paid, typed, errors, t: request.t }))
  }

  return async app => {
    app.get<ById>('/documents/:id/revocation', async (request, reply) => show(request, reply))

    app.post<ById>('/documents/:id/revocation', async (request, reply) => {
      const { id } = await own(request)
      const { reason } = fits<Static<typeof Revocation>>(Revocation, request.body) ? request.body : { reason: '' }
      try {
        await write(tx => verbs.revoke(tx, request.actor, id, reason))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return show(request, reply.code(422), reason, error.fields)
      }
      request.session.flash = { meaning: 'done', text: request.t('已作废。之后核验的人会看到作废和原因') }
      return reply.redirect(`/documents/${id}`, 303)
    })
  }
}

type Asked = { paid: boolean; typed: string; errors: Record<string, string>; t: T }

function ownRevocationPage({ id, title, number }: DocumentRow, { paid, typed, errors, t }: Asked) {
  return {
    title: t('作废文件'),
    confirm: {
      title: t('作废文件'), danger: true, label: t('作废'), back: `/documents/${id}`, action: `/documents/${id}/revocation`,
      sentence: t('作废你的{title}（{number}）之后不能恢复，可以重新申请一份。', { title: t(title), number }),
      effects: [t('已经寄出和下载的文件收不回来，但用验证码或文件核验的人会看到“已作废”和下面的原因'), t('这份文件的分享链接打不开了'), ...paid ? [t('付过的费用不退')] : []],
      reason: { value: typed, help: t('核验的人会看到，请不要写个人隐私'), required: true, maxlength: LONGEST_REASON, ...(errors.reason && { error: t(errors.reason) }) },
    },
  }
}
