import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Deps } from '../deps.ts'
import { cashierPage, ordersPage, PAGE } from '../pages/cashier.ts'
import { qrSvg } from '../qr.ts'
import { canCancel, isFresh, yuan } from '../rules.ts'
import { chargesOf, getOrder, listOrders } from '../store/orders.ts'
import { refundsOf } from '../store/refunds.ts'
import type { ChargesTable, OrdersTable } from '../tables.ts'
import { cancel, charge } from '../verbs/open.ts'

type ById = { Params: { id: string } }
const Choice = Type.Object({ way: Type.Union([Type.Literal('native'), Type.Literal('jsapi')]) })

/** The cashier's page of one order, which only who pays sees, and the list of one's own. */
export function routes({ database: { db, write }, clock, pay, wecom, identity }: Deps): FastifyPluginAsync {
  async function own(request: FastifyRequest<ById>): Promise<OrdersTable> {
    const order = await getOrder(db, request.params.id)
    if (order.person_id !== request.person.person_id) throw new AppError('not-found', '没有找到这个订单')
    return order
  }

  /** Inside WeCom, of a merchant whose app the corporation is, the payer's openid can be proven: only there payment is called up. */
  async function calledUpBy({ headers, person }: FastifyRequest): Promise<boolean> {
    if (pay?.appId !== wecom.corpId || !/\bwxwork\//i.test(headers['user-agent'] ?? '')) return false
    return await identity.wecomUseridOf(db, person.person_id) !== null
  }

  /** What the page holds up of an open charge: a picture to scan, or the parameters of a call. */
  async function tokenOf(open: ChargesTable | undefined): Promise<{ svg: string } | { call: string } | null> {
    if (!pay || !open?.token || !isFresh(open, clock.now())) return null
    return open.way === 'native' ? { svg: await qrSvg(open.token) } : { call: JSON.stringify(pay.callUp(open.token)) }
  }

  return async app => {
    app.get<{ Querystring: { before?: string } }>('/pay', async (request, reply) => {
      const rows = await listOrders(db, { person_id: request.person.person_id, before: request.query.before, limit: PAGE + 1 })
      return reply.page('payments/orders', ordersPage(request.t, rows, clock.now()))
    })

    app.get<ById>('/pay/:id', async (request, reply) => {
      const order = await own(request)
      const charges = await chargesOf(db, order.id)
      const canCall = await calledUpBy(request)
      // What was chosen last is what the payer looks at; a code that a phone inside WeCom was given means nothing elsewhere.
      const chosen = charges.findLast(each => each.status === 'open' && (each.way === 'native' || canCall))
      const mobile = /\b(Mobile|Android|wxwork)\b/i.test(request.headers['user-agent'] ?? '')
      return reply.page('payments/cashier', cashierPage(request.t, {
        order, chosen, refused: charges.findLast(each => each.status === 'refused'), token: await tokenOf(chosen), canCall, mobile, now: clock.now(), on: pay !== null,
        refunds: await refundsOf(db, charges.map(each => each.id)),
      }))
    })

    app.post<ById>('/pay/:id/charges', async (request, reply) => {
      await own(request)
      if (!fits<{ way: 'native' | 'jsapi' }>(Choice, request.body)) throw new AppError('invalid', '请选择付款方式')
      const { way } = request.body
      if (!pay) throw new AppError('conflict', '学校还没有开通微信支付，现在不能缴费')
      if (way === 'jsapi' && !await calledUpBy(request)) throw new AppError('conflict', '请在企业微信里打开这一页，或者用二维码付款')
      await write(tx => charge(tx, request.actor, request.params.id, way))
      return reply.redirect(`/pay/${request.params.id}`, 303)
    })

    app.get<ById>('/pay/:id/cancellation', async (request, reply) => {
      const { t } = request
      const order = await own(request)
      if (!canCancel(order, clock.now())) return reply.redirect(`/pay/${order.id}`, 303)
      return reply.page('payments/cancellation', { title: t('取消订单'), confirm: {
        title: t('取消订单'), sentence: t('“{title}”（¥{amount}）还没有付款。取消以后要重新提交才能再付。', { title: t(order.title), amount: yuan(order.amount) }), effects: [t('如果刚才已经付了款，款项会原路退回')], danger: true,
        action: `/pay/${order.id}/cancellation`, label: t('取消订单'), back: `/pay/${order.id}`,
      } })
    })

    app.post<ById>('/pay/:id/cancellation', async (request, reply) => {
      await write(tx => cancel(tx, request.actor, request.params.id))
      return reply.redirect(`/pay/${request.params.id}`, 303)
    })
  }
}
