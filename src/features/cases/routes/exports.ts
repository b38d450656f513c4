import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import { dayOf } from '../../../platform/periods.ts'
import type { Deps } from '../deps.ts'
import { exportFetched } from '../events.ts'
import { KEPT_DAYS } from '../jobs.ts'
import { caseFilters } from '../listing.ts'
import { choosePage, chooseServicePage, exportCell, exportPage, listOf, type Typed } from '../pages/exports.ts'
import { QUERY, type Query } from '../pages/list.ts'
import { columnsFor } from '../sheet.ts'
import { columnSetsOf, deleteColumnSet, type Export, exportsOf, getExport } from '../store-exports.ts'
import { beginExport, MOST_EXPORTED } from '../verbs/export.ts'
import { type ById, servicesOf } from './reach.ts'
import { fieldIn, fieldsIn, refusalIn } from './requests.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const SHOWN = 30

/** The list of applications as a workbook: which columns, how far it is, the file. Everybody has their own. */
export function exportRoutes(deps: Deps): FastifyPluginAsync {
  const { clock, database: { db, write }, files, services } = deps
  const titleOf = (key: string) => services.titles().find(each => each.key === key)?.title ?? key

  async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed, error?: AppError): Promise<FastifyReply> {
    const { t, person } = request
    const own = await servicesOf(deps, request)
    const offered = services.titles().filter(({ key }) => !own || own.includes(key))
    const { query, query: { service = '' } } = typed
    if (!offered.some(({ key }) => key === service)) return reply.console('cases/export-service', chooseServicePage(t, { ...query, service: '' }, offered))
    const said = (field: string) => error?.fields?.[field] && t(error.fields[field], error.params)
    return reply.console('cases/export-new', choosePage({
      t, typed, said, title: titleOf(service), offered: await columnsFor(deps, db, t, service), sets: await columnSetsOf(db, person.person_id, service), total: await countFor(query, service),
    }))
  }

  async function countFor(query: Query, service: string): Promise<number> {
    const { before: _, ...filters } = await caseFilters(deps, db, query, [service])
    return services.countCases(db, { ...filters, limit: MOST_EXPORTED + 1 })
  }

  /** The reader's own, of a service that they still look after. */
  async function exportOf(request: FastifyRequest<ById>): Promise<Export> {
    const row = await getExport(db, request.params.id)
    const own = await servicesOf(deps, request)
    if (row.person_id !== request.person.person_id || (own && !own.includes(row.service_key))) throw new AppError('not-found', '没有找到这次导出')
    return row
  }

  return async app => {
    app.get('/exports', async (request, reply) => {
      const { t, person } = request
      const rows = await exportsOf(db, person.person_id, SHOWN)
      return reply.console('cases/exports', { title: t('我的导出'), back: { label: t('申请'), href: '/admin/applications' }, items: rows.map(row => exportCell(t, row, titleOf(row.service_key))) })
    })

    app.get('/exports/new', async (request, reply) => show(request, reply, readTyped(request.query)))

    app.post('/exports', async (request, reply) => {
      const { actor, body, language, t } = request
      const typed = readTyped(body)
      const [service_key = '', own] = [typed.query.service, await servicesOf(deps, request)]
      if (!services.titles().some(({ key }) => key === service_key && (!own || own.includes(key)))) return show(request, reply.code(422), typed)
      const [offered, total] = [(await columnsFor(deps, db, t, service_key)).map(({ key }) => key), await countFor(typed.query, service_key)]
      try {
        const id = await write(tx => beginExport(deps, tx, actor, { ...typed, service_key, language, total, offered, query: Object.fromEntries(listOf(typed.query)) }))
        return await reply.redirect(`/admin/exports/${id}`, 303)
      } catch (error) {
        return show(request, reply.code(422), typed, refusalIn(error))
      }
    })

    app.get<ById>('/exports/:id', async (request, reply) => {
      const row = await exportOf(request)
      return reply.console('cases/export', exportPage(request.t, row, titleOf(row.service_key), KEPT_DAYS))
    })

    app.get<ById>('/exports/:id/file', async (request, reply) => {
      const { id, service_key, total, sha256 } = await exportOf(request)
      if (sha256 === null) throw new AppError('not-found', '文件还没有写完，或者已经删除')
      const bytes = await files.open(sha256)
      await write(tx => emit(tx, exportFetched, { export_id: id, service_key, total }, { subject: id, actor: request.actor }))
      const name = encodeURIComponent(`${request.t(titleOf(service_key))}-${dayOf(clock.now())}`).replace(/['()*]/g, found => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
      return reply.header('content-disposition', `attachment; filename="export.xlsx"; filename*=UTF-8''${name}.xlsx`).type(XLSX).send(bytes)
    })

    app.post<ById>('/exports/sets/:id/removal', async (request, reply) => {
      await write(tx => deleteColumnSet(tx, { id: request.params.id, person_id: request.person.person_id }))
      request.session.flash = { meaning: 'done', text: request.t('已删除存下的列') }
      return reply.redirect(`/admin/exports/new?${new URLSearchParams(listOf(readTyped(request.body).query))}`, 303)
    })
  }
}

function readTyped(sent: unknown): Typed {
  return { query: Object.fromEntries(QUERY.map(name => [name, fieldIn(sent, name)])), columns: fieldsIn(sent, 'columns'), name: fieldIn(sent, 'name').trim(), set: fieldIn(sent, 'set') }
}
