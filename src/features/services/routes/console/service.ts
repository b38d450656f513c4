import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../../platform/errors.ts'
import type { Context } from '../../deps.ts'
import { getEdition, PROPOSAL } from '../../editions.ts'
import { servicePage } from '../../pages/console/service.ts'
import { findProposal } from '../../store/proposals.ts'
import { publicationsOf } from '../../store/publications.ts'
import { underWay, versionsOf } from '../../store/versions.ts'
import type { Verbs } from '../../verbs/index.ts'
import { LONGEST_NOTE } from '../../verbs/offering.ts'
import { fieldIn, refusalOf } from '../requests.ts'
import { ruleTextOf } from './words.ts'

export type ByKey = { Params: { key: string } }

/** One service: how it stands; 暂停 and 恢复; what was uploaded for it is discarded here. */
export async function serviceRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { catalogue, database: { db, write } } = context

  app.get<ByKey>('/services/:key', async (request, reply) => {
    const { t, params: { key } } = request
    const [publications, proposal, versions, running] = [await publicationsOf(db, key), await findProposal(db, key), await versionsOf(db, key), await underWay(db, key)]
    if (publications.length === 0 && !proposal) throw new AppError('not-found', '没有这项事项，或者还没有发布过')
    const proposed = proposal ? (await getEdition(db, key, PROPOSAL)).service : null
    const current = catalogue.find(key) ?? catalogue.withdrawn.get(key) ?? null
    return reply.console('services/console/service', {
      ...servicePage(t, { key, current, proposed, proposal, publications, versions, underWay: running, ruleText: ruleTextOf(context, t) }), heading: false, back: { label: t('事项管理'), href: '/admin/services' }, styles: ['css/pages/services.css'],
    })
  })

  app.get<ByKey>('/services/:key/proposal/removal', async (request, reply) => {
    const { t, params: { key } } = request
    const { service } = await getEdition(db, key, PROPOSAL)
    return ask(request, reply, { title: '丢弃草稿', sentence: t('丢弃“{title}”的草稿？正在使用的版本不受影响', { title: t(service.definition.title) }), label: '丢弃', hidden: { hash: service.hash } })
  })

  app.post<ByKey>('/services/:key/proposal/removal', async (request, reply) => {
    const { key } = request.params
    await write(tx => verbs.discardProposal(tx, request.person, { key, hash: fieldIn(request.body, 'hash') }))
    request.session.flash = { meaning: 'done', text: request.t('草稿已丢弃') }
    return reply.redirect((await publicationsOf(db, key)).length > 0 ? `/admin/services/${key}` : '/admin/services', 303)
  })

  app.get<ByKey>('/services/:key/withdrawal', async (request, reply) => askWithdrawal(request, reply))

  app.post<ByKey>('/services/:key/withdrawal', async (request, reply) => {
    const { t, params: { key } } = request
    const reason = fieldIn(request.body, 'reason').slice(0, LONGEST_NOTE)
    const refused = await refusalOf(reply, write(tx => verbs.withdrawService(tx, request.person, { key, reason })))
    if (refused) return askWithdrawal(request, reply, { value: reason, error: t(refused.message) })
    return over(request, reply, '已暂停办理。正在办理的申请继续')
  })

  app.post<ByKey>('/services/:key/restoration', async (request, reply) => {
    await write(tx => verbs.restoreService(tx, request.person, { key: request.params.key }))
    return over(request, reply, '已恢复办理')
  })

  async function askWithdrawal(request: FastifyRequest<ByKey>, reply: FastifyReply, reason: { value?: string; error?: string } = {}): Promise<FastifyReply> {
    const { t, params: { key } } = request
    const service = catalogue.get(key)
    const running = (await underWay(db, key)).reduce((sum, one) => sum + one.number, 0)
    return ask(request, reply, {
      title: '暂停办理', sentence: t('暂停办理“{title}”？', { title: t(service.definition.title) }), label: '暂停办理', reason: { ...reason, required: true, maxlength: LONGEST_NOTE, help: t('写进事件记录，其他管理员能看到') },
      effects: [t('大厅里不再列出，不能提交新的申请'), t('没有提交的草稿保留，恢复以后可以继续填写'), t('正在办理的 {n} 份申请继续', { n: running })],
    })
  }

  async function ask(request: FastifyRequest<ByKey>, reply: FastifyReply, { title, label, ...rest }: { title: string; label: string; sentence: string; effects?: string[]; reason?: object; hidden?: Record<string, string> }): Promise<FastifyReply> {
    const { t, params: { key } } = request
    return reply.console('services/question', { title: t(title), heading: false, confirm: { ...rest, title: t(title), label: t(label), danger: true, action: request.url, back: `/admin/services/${key}` } })
  }

  async function over(request: FastifyRequest<ByKey>, reply: FastifyReply, sentence: string): Promise<FastifyReply> {
    request.session.flash = { meaning: 'done', text: request.t(sentence) }
    return reply.redirect(`/admin/services/${request.params.key}`, 303)
  }
}
