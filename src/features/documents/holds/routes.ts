import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import { fits } from '../../../platform/schema.ts'
import { uploadIn } from '../../../platform/web.ts'
import { PAGE_SIZE } from '../pages/list.ts'
import type { HoldReport } from './import.ts'
import { holdImportPage, holdsPage, liftPage, newHoldPage } from './pages.ts'
import { getHold, listHolds } from './store.ts'
import type { HoldType } from './types.ts'
import type { HoldVerbs } from './verbs.ts'

type Deps = { database: Database; clock: Clock; types: ReadonlyMap<string, HoldType>; holds: HoldVerbs; importHolds(bytes: Uint8Array, actor: Actor, options: { whole: boolean }): Promise<HoldReport> }
type ById = { Params: { id: string } }
type Query = { Querystring: { status?: string; number?: string; type?: string; before?: string } }

const text = Type.Optional(Type.String({ maxLength: 10_000 }))
const PlaceForm = Type.Object({ number: text, type: text, reason: text, until: text })
const LiftForm = Type.Object({ reason: text })
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Who gets no paper for now: the list, one more, one less, and the spreadsheets of those who know. */
export function holdRoutes({ database: { db, write }, clock, types, holds, importHolds }: Deps): FastifyPluginAsync {
  return async app => {
    app.get<Query>('/holds', async (request, reply) => {
      const { query: { number = '', type = '', before } } = request
      const status = request.query.status === 'lifted' ? 'lifted' : 'on'
      const rows = await listHolds(db, { status, number: number.trim() || undefined, type: type || undefined, before, limit: PAGE_SIZE + 1 })
      return reply.console('documents/holds', holdsPage(request.t, { rows, types, status, number: number.trim(), type, now: clock.now() }))
    })

    app.get<{ Querystring: { number?: string } }>('/holds/new', async (request, reply) => {
      const { number } = request.query
      return reply.console('documents/hold', newHoldPage(request.t, types, { ...(typeof number === 'string' && { number }) }))
    })

    app.post('/holds/new', async (request, reply) => {
      const typed = fits<Static<typeof PlaceForm>>(PlaceForm, request.body) ? request.body : {}
      const { number = '', type = '', reason = '', until = '' } = typed
      const again = (errors: Record<string, string>) => reply.code(422).console('documents/hold', newHoldPage(request.t, types, typed, errors))
      if (until !== '' && !DAY.test(until)) return again({ until: request.t('日期要像 2023-09-01 这样写') })
      try {
        await write(tx => holds.place(tx, request.actor, { number, type, reason, until: until || null }))
      } catch (error) {
        return again(sentences(request, error))
      }
      request.session.flash = { meaning: 'done', text: request.t('已登记，本人会收到通知') }
      return reply.redirect('/admin/holds', 303)
    })

    app.get<ById>('/holds/:id/lifting', async (request, reply) => reply.console('documents/lifting', liftPage(request.t, await getHold(db, request.params.id), types)))

    app.post<ById>('/holds/:id/lifting', async (request, reply) => {
      const { id } = request.params
      const { reason = '' } = fits<Static<typeof LiftForm>>(LiftForm, request.body) ? request.body : {}
      try {
        await write(tx => holds.lift(tx, request.actor, id, reason))
      } catch (error) {
        const errors = sentences(request, error)
        return reply.code(422).console('documents/lifting', liftPage(request.t, await getHold(db, id), types, reason, errors))
      }
      request.session.flash = { meaning: 'done', text: request.t('已解除，本人会收到通知') }
      return reply.redirect('/admin/holds', 303)
    })

    app.get('/holds/import', async (request, reply) => reply.console('documents/holds-import', holdImportPage(request.t, types)))

    app.post('/holds/import', async (request, reply) => {
      const { t } = request
      const file = uploadIn(request.body, 'file')
      const whole = typeof request.body === 'object' && request.body !== null && 'whole' in request.body
      const show = (status: number, model: Parameters<typeof holdImportPage>[2]): Promise<FastifyReply> => reply.code(status).console('documents/holds-import', holdImportPage(t, types, { whole, ...model }))
      if (!file || file.data.length === 0) return show(422, { error: t('请选择限制名单（.xlsx 或 .csv）') })
      if (file.truncated) return show(422, { error: t('文件太大') })
      try {
        const report = await importHolds(file.data, request.actor, { whole })
        return show(report.errors.length > 0 ? 422 : 200, { report })
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return show(422, { error: t(error.message, error.params) })
      }
    })
  }
}

function sentences({ t }: FastifyRequest, error: unknown): Record<string, string> {
  if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
  return Object.fromEntries(Object.entries(error.fields ?? {}).map(([field, sentence]) => [field, t(sentence)]))
}
