import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../../platform/errors.ts'
import type { T } from '../../../../platform/text.ts'
import { checkService, type ServiceCheck } from '../../check.ts'
import { fileText } from '../../catalogue.ts'
import type { Context } from '../../deps.ts'
import { type Edition, getEdition } from '../../editions.ts'
import { unitNames } from '../../limits.ts'
import { differencesPage } from '../../pages/differences.ts'
import { editionName, editionPage, editionTabs, unstarted } from '../../pages/console/edition.ts'
import { publicationPage } from '../../pages/console/publication.ts'
import { publicationsOf, type Standing } from '../../store/publications.ts'
import { underWay, versionsOf } from '../../store/versions.ts'
import type { Verbs } from '../../verbs/index.ts'
import { LONGEST_NOTE } from '../../verbs/offering.ts'
import { fieldIn, fieldsIn } from '../requests.ts'
import { ruleTextOf } from './words.ts'

export type ByEdition = { Params: { key: string; edition: string } }

/** One edition of a service: a version or what was uploaded. Looked at, taken along as a file, compared, published. */
export async function editionRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { database: { db, write } } = context

  app.get<ByEdition>('/services/:key/:edition', async (request, reply) => {
    const { t } = request
    const { edition, head } = await headOf(context, request, '')
    return reply.console('services/console/edition', { ...head, ...editionPage(t, edition, ruleTextOf(context, t), await unitNames(context, db, t, edition.service.definition.limits)) })
  })

  app.get<ByEdition>('/services/:key/:edition/file', async (request, reply) => {
    const { key, edition: word } = request.params
    const { service } = await getEdition(db, key, word)
    const name = word === 'proposal' ? `${key}.json` : `${key}.v${word}.json`
    return reply.headers({ 'content-type': 'application/json; charset=utf-8', 'content-disposition': `attachment; filename="${name}"` }).send(fileText(service.definition))
  })

  app.get<ByEdition & { Querystring: { from?: string } }>('/services/:key/:edition/differences', async (request, reply) => {
    const { t, params: { key } } = request
    const { edition, head, standing } = await headOf(context, request, 'differences')
    const before = await getEdition(db, key, typeof request.query.from === 'string' && request.query.from !== '' ? request.query.from : String(standing?.version ?? ''))
    const flow = ({ service: { definition } }: Edition) => unstarted(t, definition.flow)
    return reply.console('services/console/differences', {
      ...head, ...differencesPage(t, before.service, edition.service, ruleTextOf(context, t)), names: { before: editionName(t, before), after: editionName(t, edition) },
      flows: JSON.stringify(before.service.definition.flow) === JSON.stringify(edition.service.definition.flow) ? null : { before: flow(before), after: flow(edition) },
      from: before.word, others: (await versionsOf(db, key)).filter(({ version }) => version !== edition.number).map(({ version }) => ({ value: String(version), text: editionName(t, { number: version }) })),
    })
  })

  app.get<ByEdition>('/services/:key/:edition/publication', async (request, reply) => {
    const { service } = await getEdition(db, request.params.key, request.params.edition)
    return ask(request, reply, { check: await checkService(context, db, service), agreed: [], note: '' })
  })

  app.post<ByEdition>('/services/:key/:edition/publication', async (request, reply) => {
    const { body, person, t, params: { key, edition: word } } = request
    const note = fieldIn(body, 'note').trim().slice(0, LONGEST_NOTE)
    const agreed = fieldsIn(body, 'agreed')
    const result = await write(tx => verbs.publishEdition(tx, person, { key, word, hash: fieldIn(body, 'hash'), agreed, note }))
    if (result.outcome === 'refused') return ask(request, reply.code(422), { check: result.check, agreed, note, refused: true })
    request.session.flash = { meaning: 'done', text: t('已发布。新的申请用这一版，正在办理的用原来的版本办完') }
    return reply.redirect(`/admin/services/${key}`, 303)
  })

  async function ask(request: FastifyRequest<ByEdition>, reply: FastifyReply, asked: { check: ServiceCheck; agreed: readonly string[]; note: string; refused?: boolean }): Promise<FastifyReply> {
    const { t, params: { key } } = request
    const { edition, head, standing } = await headOf(context, request, 'publication')
    if (standing?.hash === edition.service.hash) throw new AppError('conflict', '这一版正在使用，不用再发布')
    const current = standing ? await getEdition(db, key, String(standing.version)) : null
    return reply.console('services/console/publication', {
      ...head, ...publicationPage(t, edition, { ...asked, offered: standing?.offered !== 0, underWay: await underWay(db, key) }),
      differences: current && { ...differencesPage(t, current.service, edition.service, ruleTextOf(context, t)), names: { before: editionName(t, current), after: editionName(t, edition) } }, longest: LONGEST_NOTE,
    })
  }
}

/** What every page about an edition begins with. */
export async function headOf({ database: { db } }: Context, { t, params: { key, edition: word } }: { t: T; params: { key: string; edition: string } }, here: Parameters<typeof editionTabs>[3]): Promise<{ edition: Edition; standing: Standing | undefined; head: ReturnType<typeof headPage> }> {
  const [edition, [standing]] = [await getEdition(db, key, word), await publicationsOf(db, key)]
  return { edition, standing, head: headPage(t, key, edition, here, standing) }
}

function headPage(t: T, key: string, edition: Edition, here: Parameters<typeof editionTabs>[3], standing: Standing | undefined) {
  const title = t(edition.service.definition.title)
  return {
    title: t('{title}：{edition}', { title, edition: editionName(t, edition) }), back: { label: title, href: `/admin/services/${key}` }, tabs: editionTabs(t, key, edition, here, standing?.version ?? null),
    actions: [{ label: t('导出文件'), icon: 'download', href: `/admin/services/${key}/${edition.word}/file` }], path: `/admin/services/${key}/${edition.word}`, styles: ['css/pages/services.css', 'css/pages/forms.css', 'css/pages/service-console.css'],
  }
}
