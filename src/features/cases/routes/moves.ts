import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { Deps } from '../deps.ts'
import { movePage, previewPage, type Typed } from '../pages/moves.ts'
import { countItems, getMove, itemsOf, listMoves } from '../store.ts'
import { beginMove, MOST } from '../verbs/move.ts'
import type { ById } from './reach.ts'
import { fieldIn, fieldsIn, refusalIn } from './requests.ts'

/** So many differences are worked out for a page; each asks the directory. */
const SHOWN = 20
const PAGE = 50

/** 版本迁移: what would change, then the job and what became of each. */
export function moveRoutes(deps: Deps): FastifyPluginAsync {
  const { database: { db, write }, services } = deps

  return async app => {
    app.get('/moves', async (request, reply) => {
      const { t } = request
      const titles = new Map(services.titles().map(({ key, title }) => [key, title]))
      return reply.console('cases/moves', { title: t('版本迁移'), lead: t('正在办理的申请留在提交时的版本上，需要时可以迁移到新的版本'), items: (await listMoves(db, PAGE)).map(move => ({
        title: t('{title}：迁移到第 {n} 版', { title: t(titles.get(move.service_key) ?? move.service_key), n: move.version }), href: `/admin/moves/${move.id}`, time: move.created_at,
        note: t('{n} 份 · {name} · {reason}', { n: move.total, name: move.by_name, reason: move.reason }), tag: move.ended_at === null ? { text: t('进行中'), meaning: 'blue' } : { text: t('已完成'), meaning: 'green' },
      })), services: services.titles().map(({ key, title }) => ({ value: key, text: t(title) })) })
    })

    app.get('/moves/new', async (request, reply) => show(request, reply, readTyped(request.query)))

    app.post('/moves', async (request, reply) => {
      const { body, actor, person } = request
      const typed = readTyped(body)
      try {
        const applications = typed.ids.length > 0 ? typed.ids : await services.idsToMove(db, typed.service, typed.to, MOST + 1)
        const id = await write(tx => beginMove(deps, tx, actor, { service_key: typed.service, version_id: typed.to, applications, reason: typed.reason, by_name: person.name }))
        return await reply.redirect(`/admin/moves/${id}`, 303)
      } catch (error) {
        return show(request, reply.code(422), typed, refusalIn(error))
      }
    })

    app.get<ById & { Querystring: { outcome?: string; after?: string } }>('/moves/:id', async (request, reply) => {
      const { t, params: { id }, query: { outcome: wanted, after } } = request
      const move = await getMove(db, id)
      const outcome = wanted === 'moved' || wanted === 'kept' ? wanted : undefined
      const items = await itemsOf(db, id, { outcome, after, limit: PAGE + 1 })
      const rows = new Map((await services.casesByIds(db, items.map(item => item.application_id))).map(row => [row.id, row]))
      const title = services.titles().find(({ key }) => key === move.service_key)?.title ?? move.service_key
      return reply.console('cases/move', movePage({ move, title, counts: await countItems(db, id), items, rows, query: { outcome }, page: PAGE, t }))
    })
  }

  async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed, error?: AppError): Promise<FastifyReply> {
    const { t } = request
    const service = services.titles().find(({ key }) => key === typed.service)
    if (!service) throw new AppError('not-found', '没有这个事项')
    const versions = await services.versionsFor(db, service.key)
    // The newest, where nothing was chosen yet.
    const to = versions.find(each => each.id === typed.to)?.id ?? versions[0]?.id ?? ''
    const ids = typed.ids.length > 0 ? typed.ids : await services.idsToMove(db, service.key, to, MOST + 1)
    const rows = await services.casesByIds(db, ids.slice(0, SHOWN))
    const shown = []
    for (const row of rows) shown.push({ row, forecast: await services.foreseeVersion(db, row.id, to) })
    const said = (field: string) => error?.fields?.[field] && t(error.fields[field], error.params)
    return reply.console('cases/move-preview', previewPage({ typed: { ...typed, to }, service, versions, total: ids.length, shown, said, t }))
  }
}

function readTyped(sent: unknown): Typed {
  return { service: fieldIn(sent, 'service'), to: fieldIn(sent, 'to'), ids: fieldsIn(sent, 'id').filter(id => /^[0-9A-Z]{26}$/.test(id)), reason: fieldIn(sent, 'reason') }
}
