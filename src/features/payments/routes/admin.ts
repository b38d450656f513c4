import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Deps } from '../deps.ts'
import { listPage, orderPage, PAGE, refundPage, STATUSES } from '../pages/admin.ts'
import { canRefund, orderMachine } from '../rules.ts'
import { chargesOf, countByStatus, getOrder, listOrders } from '../store/orders.ts'
import { refundsOf } from '../store/refunds.ts'
import { refund, refundAgain } from '../verbs/refund.ts'
import { refundCharge, watchCharge } from '../work.ts'

type ById = { Params: { id: string } }
type Query = { Querystring: { status?: string; q?: string; before?: string } }
const LONGEST_REASON = 80

/** Orders: looking for one, what became of it, giving the money back. */
export function adminRoutes({ database: { db, write }, clock, pay, identity }: Deps): FastifyPluginAsync {
  async function showRefund(request: FastifyRequest<ById>, reply: FastifyReply, typed = '', error?: string): Promise<FastifyReply> {
    const order = await getOrder(db, request.params.id)
    if (!canRefund(order, clock.now())) throw new AppError('conflict', order.status === 'paid' ? '付款超过一年，微信支付不能退款，请线下处理' : orderMachine.sentences?.[order.status] ?? '这个订单还没有付款')
    return reply.console('payments/refund', refundPage(request.t, order, typed, error))
  }

  function done(request: FastifyRequest<ById>, reply: FastifyReply, text: string): FastifyReply {
    request.session.flash = { meaning: 'done', text: request.t(text) }
    return reply.redirect(`/admin/payments/${request.params.id}`, 303)
  }

  return async app => {
    app.get<Query>('/payments', async (request, reply) => {
      const { q = '', before } = request.query
      const status = STATUSES.find(each => each === request.query.status)
      const words = q.trim().slice(0, 60)
      // A number is somebody's, else what is looked for is an order's or a title.
      const person = words === '' ? null : await identity.personByNumber(db, words)
      const rows = await listOrders(db, { status, before, limit: PAGE + 1, ...person ? { person_id: person.id } : { words } })
      const people = new Map((await identity.peopleByIds(db, rows.map(row => row.person_id))).map(each => [each.id, each]))
      return reply.console('payments/list', listPage(request.t, { rows, people, status, q: words, counts: await countByStatus(db), now: clock.now(), on: pay !== null }))
    })

    app.get<ById>('/payments/:id', async (request, reply) => {
      const order = await getOrder(db, request.params.id)
      const charges = await chargesOf(db, order.id)
      const [person] = await identity.peopleByIds(db, [order.person_id])
      return reply.console('payments/order', orderPage(request.t, { order, charges, refunds: await refundsOf(db, charges.map(({ id }) => id)), person, now: clock.now(), on: pay !== null }))
    })

    app.post<ById>('/payments/:id/look', async (request, reply) => {
      const { id } = await getOrder(db, request.params.id)
      const charges = await chargesOf(db, id)
      const open = (await refundsOf(db, charges.map(charge => charge.id))).filter(({ status }) => status === 'asked' || status === 'accepted')
      await write(async tx => {
        for (const charge of charges) if (charge.status !== 'paid') await enqueue(tx, watchCharge, { charge_id: charge.id })
        for (const row of open) await enqueue(tx, refundCharge, { refund_id: row.id })
      })
      return done(request, reply, '正在向微信支付查询，稍后刷新这一页')
    })

    app.get<ById>('/payments/:id/refund', (request, reply) => showRefund(request, reply))

    app.post<ById>('/payments/:id/refund', async (request, reply) => {
      const reason = reasonIn(request.body)
      if (reason === '' || [...reason].length > LONGEST_REASON) return showRefund(request, reply.code(422), reason, '请写明退款原因，最多 80 个字，付款人会看到')
      await write(tx => refund(tx, request.params.id, reason, request.actor))
      return done(request, reply, '已发起退款，到账以后会通知付款人')
    })

    app.post<ById>('/payments/:id/refund/again', async (request, reply) => {
      await write(tx => refundAgain(tx, request.actor, request.params.id))
      return done(request, reply, '已重新发起退款')
    })
  }
}

function reasonIn(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('reason' in body) || typeof body.reason !== 'string') return ''
  return body.reason.replace(/\s+/g, ' ').trim()
}
