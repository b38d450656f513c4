import { createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isRecord, type Json } from '../shape.ts'
import { strikes, type Trouble } from '../trouble.ts'
import { tradeBill } from './bill.ts'
import type { PayOrders } from './orders.ts'
import type { PayRefunds } from './refunds.ts'
import { PayError, type PayOptions } from './types.ts'
import { checkAuthorization, chinaTime, signedHeaders } from './wire.ts'

export type PayApiDeps = { options: PayOptions; orders: PayOrders; refunds: PayRefunds; trouble: Trouble; now: () => number; origin: () => string; changed(): void; log(path: string, code: string): void; /** changes a bill before it goes out */ bend(bill: string): string }
type Handler = (asked: { params: Record<string, string>; query: Record<string, string>; body: Json }) => Json | null

function plain(value: unknown): Record<string, string> {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : []))) : {}
}

function jsonOf(raw: string): Json {
  try {
    const value: unknown = JSON.parse(raw === '' ? '{}' : raw)
    if (isRecord(value)) return value
  } catch { /* answered below */ }
  throw new PayError(400, 'PARAM_ERROR', '请求体不是合法的 JSON')
}

/** The v3 API: every request's signature is checked, every answer signed. */
export async function payRoutes(app: FastifyInstance, deps: PayApiDeps): Promise<void> {
  const { options, orders, refunds, trouble, now } = deps
  const bills = new Map<string, string>()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  function send(reply: FastifyReply, status: number, content: Json | null): FastifyReply {
    const body = content === null ? '' : JSON.stringify(content)
    return reply.code(status).headers(signedHeaders(options, trouble, body, now())).type('application/json; charset=utf-8').send(body)
  }

  const serve = (path: string, handler: Handler) => async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const raw = typeof request.body === 'string' ? request.body : ''
    try {
      checkAuthorization(options, request.headers, { method: request.method, path: request.url, body: raw }, now())
      if (strikes(trouble, 'payBusy')) throw new PayError(429, 'FREQUENCY_LIMITED', '频率限制')
      if (strikes(trouble, 'payError')) throw new PayError(500, 'SYSTEM_ERROR', '系统错误')
      const answer = handler({ params: plain(request.params), query: plain(request.query), body: jsonOf(raw) })
      // Done, but the caller does not learn of it.
      if (strikes(trouble, 'payErrorAfter')) throw new PayError(500, 'SYSTEM_ERROR', '系统错误')
      deps.log(path, 'ok')
      deps.changed()
      return send(reply, answer === null ? 204 : 200, answer)
    } catch (error) {
      if (!(error instanceof PayError)) throw error
      deps.log(path, error.code)
      deps.changed()
      return send(reply, error.status, { code: error.code, message: error.message, ...(Object.keys(error.detail).length > 0 && { detail: error.detail }) })
    }
  }
  const mustBeOurs = (mchid: unknown): void => { if (mchid !== options.mchId) throw new PayError(400, 'MCH_NOT_EXISTS', '商户号不存在') }
  const post = (path: string, handler: Handler) => app.post(path, serve(path, handler))
  const get = (path: string, handler: Handler) => app.get(path, serve(path, handler))

  post('/v3/pay/transactions/jsapi', ({ body }) => ({ prepay_id: orders.place(body, 'JSAPI') }))
  post('/v3/pay/transactions/native', ({ body }) => ({ code_url: `weixin://wxpay/bizpayurl?pr=${orders.place(body, 'NATIVE')}` }))
  get('/v3/pay/transactions/out-trade-no/:number', ({ params, query }) => {
    mustBeOurs(query['mchid'])
    return orders.view(orders.mustFind(params['number'] ?? ''))
  })
  post('/v3/pay/transactions/out-trade-no/:number/close', ({ params, body }) => {
    mustBeOurs(body['mchid'])
    orders.close(params['number'] ?? '')
    return null
  })
  post('/v3/refund/domestic/refunds', ({ body }) => refunds.view(refunds.ask(body)))
  get('/v3/refund/domestic/refunds/:number', ({ params }) => refunds.view(refunds.find(params['number'] ?? '')))

  get('/v3/bill/tradebill', ({ query }) => {
    const date = query['bill_date'] ?? ''
    if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new PayError(400, 'PARAM_ERROR', 'bill_date 格式不对')
    if (chinaTime(now() - 86_400_000).slice(0, 10) < date) throw new PayError(400, 'INVALID_REQUEST', '只能下载今天以前的账单')
    if (chinaTime(now() - 86_400_000).slice(0, 10) === date && Number(chinaTime(now()).slice(11, 13)) < 10) throw new PayError(400, 'STATEMENT_CREATING', '账单生成中')
    const bill = tradeBill(options, date, orders.all(), refunds.all())
    if (bill === null) throw new PayError(400, 'NO_STATEMENT_EXIST', '账单文件不存在')
    const token = randomBytes(16).toString('hex')
    const text = deps.bend(bill)
    bills.set(token, text)
    const hash = createHash('sha1').update(strikes(trouble, 'payBrokenBill') ? `${text}x` : text).digest('hex')
    return { hash_type: 'SHA1', hash_value: hash, download_url: `${deps.origin()}/v3/billdownload/file?token=${token}` }
  })
  // Signed by who asks, but not by who answers.
  app.get('/v3/billdownload/file', async (request, reply) => {
    checkAuthorization(options, request.headers, { method: 'GET', path: request.url, body: '' }, now())
    const text = bills.get(plain(request.query)['token'] ?? '')
    return text === undefined ? reply.code(404).send({ code: 'RESOURCE_NOT_EXISTS', message: '文件不存在' }) : reply.type('text/plain; charset=utf-8').send(text)
  })
}
