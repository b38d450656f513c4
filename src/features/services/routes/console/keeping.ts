import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../../platform/errors.ts'
import type { Context } from '../../deps.ts'
import { holdPage, keepingPage } from '../../pages/console/keeping.ts'
import { getApplication } from '../../store/applications.ts'
import { listKept } from '../../store/keeping.ts'
import { LONGEST_HOLD_REASON } from '../../verbs/forget.ts'
import type { Verbs } from '../../verbs/index.ts'
import { type ById, cursorText, fieldIn, readCursor, refusalOf } from '../requests.ts'

const PAGE = 50

/** What will be deleted when; 暂缓删除. */
export async function keepingRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { db, write } = context.database

  app.get<{ Querystring: { held?: string; after?: string } }>('/keeping', async (request, reply) => {
    const held = request.query.held === '1'
    const rows = await listKept(db, { held, after: readCursor(request.query.after), limit: PAGE + 1 })
    const last = rows.length > PAGE ? rows[PAGE - 1] : undefined
    const next = last && `?${new URLSearchParams({ ...held && { held: '1' }, after: cursorText(last.expires_at, last.id) })}`
    return reply.console('services/console/keeping', keepingPage(request.t, { rows: rows.slice(0, PAGE), held, next }))
  })

  app.get<ById>('/keeping/:id', async (request, reply) => ask(request, reply))

  app.post<ById>('/keeping/:id/hold', async (request, reply) => {
    const reason = fieldIn(request.body, 'reason').slice(0, LONGEST_HOLD_REASON)
    const refused = await refusalOf(reply, write(tx => verbs.hold(tx, request.person, { id: request.params.id, reason })))
    if (refused) return ask(request, reply, { value: reason, error: request.t(refused.message) })
    return over(request, reply, '已暂缓删除')
  })

  app.post<ById>('/keeping/:id/release', async (request, reply) => {
    await write(tx => verbs.release(tx, request.person, { id: request.params.id }))
    return over(request, reply, '已取消暂缓，到期会删除')
  })

  async function ask(request: FastifyRequest<ById>, reply: FastifyReply, typed: { value?: string; error?: string } = {}): Promise<FastifyReply> {
    const row = await getApplication(db, request.params.id)
    if (row.forgotten_at !== null || row.ended_at === null) throw new AppError('conflict', '这份申请的内容已经删除，或者还没有办结')
    return reply.console('services/question', holdPage(request.t, row, { ...typed, maxlength: LONGEST_HOLD_REASON }))
  }

  async function over(request: FastifyRequest, reply: FastifyReply, sentence: string): Promise<FastifyReply> {
    request.session.flash = { meaning: 'done', text: request.t(sentence) }
    return reply.redirect('/admin/keeping', 303)
  }
}
