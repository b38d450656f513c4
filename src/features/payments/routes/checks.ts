import type { FastifyPluginAsync } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Deps } from '../deps.ts'
import { checksPage, differencePage, statisticsPage } from '../pages/checks.ts'
import { daysBefore } from '../rules.ts'
import { getDifference, listChecks, listDifferences, paidPerDay, refundedPerDay } from '../store/checks.ts'
import { settle } from '../verbs/checks.ts'
import { checkBill } from '../work.ts'

type ById = { Params: { id: string } }
const DAY = 86_400_000
const DAYS = 30
const MOST = 200
/** The platform keeps bills for three months. */
const OLDEST = 90

/** What the platform's bills said, what did not agree, and how much came in on each day. */
export function checkRoutes({ database: { db, write }, clock, pay }: Deps): FastifyPluginAsync {
  return async app => {
    app.get('/payments/checks', async (request, reply) => reply.console('payments/checks', checksPage(request.t, {
      checks: await listChecks(db, DAYS), differences: await listDifferences(db, MOST), yesterday: daysBefore(clock.now(), 1)[0] ?? '', on: pay !== null,
    })))

    app.post('/payments/checks', async (request, reply) => {
      const date = textIn(request.body, 'date')
      if (!daysBefore(clock.now(), OLDEST).includes(date)) throw new AppError('invalid', '只能核对最近三个月里已经过去的日子')
      await write(tx => enqueue(tx, checkBill, { date }))
      request.session.flash = { meaning: 'done', text: request.t('正在下载 {date} 的账单，稍后刷新这一页', { date }) }
      return reply.redirect('/admin/payments/checks', 303)
    })

    app.get<ById>('/payments/differences/:id', async (request, reply) => reply.console('payments/difference', differencePage(request.t, await getDifference(db, request.params.id))))

    app.post<ById>('/payments/differences/:id', async (request, reply) => {
      const note = textIn(request.body, 'note')
      try {
        await write(tx => settle(tx, request.actor, request.params.id, note))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return reply.code(422).console('payments/difference', differencePage(request.t, await getDifference(db, request.params.id), note, error.fields?.['note']))
      }
      request.session.flash = { meaning: 'done', text: request.t('已记下处理结果') }
      return reply.redirect('/admin/payments/checks', 303)
    })

    app.get('/payments/statistics', async (request, reply) => {
      const since = clock.now() - DAYS * DAY
      return reply.console('payments/statistics', statisticsPage(request.t, { paid: await paidPerDay(db, since), refunded: await refundedPerDay(db, since) }))
    })
  }
}

function textIn(body: unknown, name: string): string {
  const value: unknown = typeof body === 'object' && body !== null ? new Map<string, unknown>(Object.entries(body)).get(name) : undefined
  return typeof value === 'string' ? value : ''
}
