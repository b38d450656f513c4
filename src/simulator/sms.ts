import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { isRecord } from './shape.ts'
import { strikes, type Trouble } from './trouble.ts'
import type { Sms } from './types.ts'

/** POST /sms {to, text} → {ok: true, id}; a refusal says {ok: false, error}: number, text, limit or fail. */
export function smsRoutes(app: FastifyInstance, deps: { sms: Sms[]; trouble: Trouble; now: () => number; changed(): void }): void {
  app.post('/sms', async (request, reply) => {
    const body = isRecord(request.body) ? request.body : {}
    const { to, text } = body
    if (typeof to !== 'string' || !/^(\+86)?1\d{10}$/.test(to)) return reply.code(400).send({ ok: false, error: 'number', message: '号码不对' })
    if (typeof text !== 'string' || text === '' || [...text].length > 500) return reply.code(400).send({ ok: false, error: 'text', message: '内容为空或超过 500 字' })
    if (strikes(deps.trouble, 'smsLimit')) return reply.code(429).send({ ok: false, error: 'limit', message: '触发频率限制' })
    if (strikes(deps.trouble, 'smsFail')) return reply.code(502).send({ ok: false, error: 'fail', message: '运营商拒绝' })
    const id = randomUUID()
    deps.sms.push({ id, at: deps.now(), to, text })
    deps.changed()
    return { ok: true, id }
  })
}
