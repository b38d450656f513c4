import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { dayParts, SCHOOL_OFFSET } from '../../../platform/dates.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Context } from '../deps.ts'
import { choosingPage } from '../pages/choosing.ts'
import { type ById, fieldIn, fieldsIn } from './requests.ts'

type Typed = { q: string; to: string[]; from: string; until: string }

const DAY = 86_400_000

/** 代理: who decides in one's place for some days. Days are the school's, the last one included. */
export async function absenceRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { approvals, clock, database: { db, write } } = context

  app.get('/received/absences', async (request, reply) => show(request, reply, { q: '', to: [], from: '', until: '' }))

  app.post('/received/absences', async (request, reply) => {
    const { body, actor } = request
    const typed = { q: fieldIn(body, 'q'), to: fieldsIn(body, 'to'), from: fieldIn(body, 'from'), until: fieldIn(body, 'until') }
    if (fieldIn(body, 'intent') === 'search') return show(request, reply, typed)
    try {
      await write(tx => approvals.standIn(tx, actor, absenceOf(typed)))
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
      return show(request, reply.code(422), typed, error)
    }
    return back(request, reply, '已设置代理人，到时候的待办会交给对方')
  })

  app.post<ById>('/received/absences/:id/end', async (request, reply) => {
    await write(tx => approvals.endStandIn(tx, request.actor, { delegation_id: request.params.id }))
    return back(request, reply, '代理已结束')
  })

  async function show(request: FastifyRequest, reply: FastifyReply, { q, to, from, until }: Typed, error?: AppError): Promise<FastifyReply> {
    const { t, person: { person_id } } = request
    const said = (field: string) => error?.fields?.[field] && t(error.fields[field], error.params)
    const day = (at: number) => t('{month}{day}日', dayParts(t, at))
    return reply.page('services/absences', {
      title: t('代理人'), lead: t('出差或休假时，新的待办交给代理人办理；已经在手里的待办不变'),
      standing: (await approvals.delegationsOf(db, person_id, clock.now())).map(one => ({
        id: one.id, text: t('{from}至{until}由{name}代理', { from: day(one.starts_at), until: day(one.ends_at - 1), name: one.delegate_name }),
      })),
      choosing: await choosingPage(context, t, { q, to, many: false, without: person_id }, said('to')),
      fields: [
        { name: 'from', type: 'date', label: t('从哪天起'), value: from, required: true, error: said('from') },
        { name: 'until', type: 'date', label: t('到哪天止'), value: until, required: true, error: said('until') },
      ],
      styles: ['css/pages/services.css'],
    })
  }
}

/** Throws `invalid` with all that is missing, each at its field. */
function absenceOf({ to: [to = ''], from, until }: Typed): { to: string; starts_at: number; ends_at: number } {
  const [first, last] = [dayOf(from), dayOf(until)]
  const missing = { ...!to && { to: '请选择代理人' }, ...first === null && { from: '请填写日期' }, ...last === null && { until: '请填写日期' } }
  if (!to || first === null || last === null) throw new AppError('invalid', Object.values(missing)[0] ?? '', { fields: missing })
  return { to, starts_at: first, ends_at: last + DAY }
}

/** The beginning of a day of the school, in epoch ms; null where it is none. */
function dayOf(text: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return Number.isNaN(at) ? null : at - SCHOOL_OFFSET
}

function back(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  request.session.flash = { meaning: 'done', text: request.t(text) }
  return reply.redirect('/received/absences', 303)
}
