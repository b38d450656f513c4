import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Sources } from '../../../integrations/sources/index.ts'
import { dayOf, readPeriod } from '../../../platform/periods.ts'
import type { Identity } from '../index.ts'
import { fileNameHeader } from '../notices.ts'
import type { Template } from '../templates.ts'
import { figuresSheet } from './export.ts'
import type { MeasureDeps } from './measure.ts'
import { ASKED, type Reading, statisticsPage } from './pages.ts'
import { readFigures } from './read.ts'

type Deps = MeasureDeps & { identity: Pick<Identity, 'peopleByNumbers' | 'listUnits' | 'unitTree'>; sources: Pick<Sources, 'writeCsv' | 'writeXlsx'>; templates: ReadonlyMap<string, Template> }

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** 文件统计: the page, and its figures as a file. */
export function statisticsRoutes(deps: Deps): FastifyPluginAsync {
  const { clock, database: { db }, identity, sources, templates } = deps

  async function figuresFor(request: FastifyRequest) {
    const typed = Object.fromEntries(ASKED.map(name => [name, fieldIn(request.query, name)]))
    const asked: Reading = { ...readPeriod(typed, dayOf(clock.now())), kind: typed['kind'] ?? '', unit: typed['unit'] ?? '' }
    const figures = await readFigures(deps, db, { ...asked.period, kind: asked.kind || undefined, unit_ids: await identity.unitTree(db, asked.unit || undefined) })
    const units = await identity.listUnits(db)
    const names = { kinds: new Map([...templates.values()].map(({ kind, title }) => [kind, title])), units: new Map(units.map(({ id, name }) => [id, name])) }
    return { asked, figures, names, schools: units.filter(({ kind }) => kind === 'school') }
  }

  type Found = Awaited<ReturnType<typeof figuresFor>>
  const show = (request: FastifyRequest, reply: FastifyReply, found: Found) => reply.code(found.asked.fault ? 422 : 200).console('documents/statistics', statisticsPage({ t: request.t, ...found }))

  return async app => {
    app.get('/documents/statistics', async (request, reply) => show(request, reply, await figuresFor(request)))

    for (const ending of ['xlsx', 'csv'] as const) {
      app.get(`/documents/statistics/export.${ending}`, async (request, reply) => {
        const found = await figuresFor(request)
        const { asked: { fault, period }, figures, names } = found
        if (fault) return show(request, reply, found)
        const sheet = figuresSheet(request.t, figures.rows, names)
        reply.header('content-disposition', fileNameHeader(`${request.t('文件统计')}-${period.from}-${period.until}.${ending}`))
        return ending === 'xlsx' ? reply.type(XLSX).send(sources.writeXlsx([sheet])) : reply.type('text/csv; charset=utf-8').send(sources.writeCsv([sheet.head, ...sheet.rows]))
      })
    }
  }
}

function fieldIn(query: unknown, name: string): string {
  const value: unknown = typeof query === 'object' && query !== null ? new Map<string, unknown>(Object.entries(query)).get(name) : undefined
  return typeof value === 'string' ? value : ''
}
