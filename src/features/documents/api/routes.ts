import { hash } from 'node:crypto'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Files } from '../../../integrations/files/index.ts'
import { type Database, isDuplicate } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Credentials } from '../credentials/sign.ts'
import { fileName } from '../notices.ts'
import { findBySha } from '../store.ts'
import type { Template } from '../templates.ts'
import type { VerifyFeature } from '../verify.ts'
import { stateOf, verdictByCode, verdictByFile } from './answers.ts'
import * as calls from './calls.ts'
import { kindsOf } from './rules.ts'
import { type IssueBody, type Page, Verify, type VerifyBody } from './schema.ts'
import { type Asked, getAsked, listAsked } from './store.ts'
import type { ApiVerbs } from './verbs.ts'

type Deps = { database: Database; files: Files; templates: ReadonlyMap<string, Template>; verification: VerifyFeature; credentials: Credentials; verbs: ApiVerbs; publicUrl: string }
type OfId = { Params: { id: string } }

/** /api/v1: verifying, issuing in a student's place, revoking. */
export function apiRoutes({ database, files, templates, verification, credentials, verbs, publicUrl }: Deps): FastifyPluginAsync {
  const { db } = database

  /** The state with its mark: who asks again with it hears in one line that nothing has changed. */
  function state(request: FastifyRequest, reply: FastifyReply, asked: Asked, status = 200) {
    const answer = stateOf(asked, publicUrl, request.t)
    const etag = `"${hash('sha256', JSON.stringify(answer)).slice(0, 32)}"`
    reply.headers({ etag, vary: 'accept-language', 'cache-control': 'private, no-cache' })
    if (status === 200 && request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.code(status).send(answer)
  }

  async function issued(request: FastifyRequest<OfId>): Promise<Asked & { sha256: string }> {
    const asked = await getAsked(db, request.caller.id, request.params.id)
    const { sha256, status } = asked.document
    if (!sha256 || status !== 'issued') throw new AppError('conflict', status === 'revoked' ? '文件已经作废' : '文件还没有签章，请稍后再来', { code: 'documents:not-issued' })
    return { ...asked, sha256 }
  }

  return async app => {
    app.get('/kinds', calls.kinds, async ({ caller }, reply) => reply.send({ kinds: kindsOf(templates, caller).map(({ kind, title, language, price }) => ({ kind, title, language, price })) }))

    app.post('/verify', calls.verify, async (request, reply) => {
      const { body, caller, t } = request
      if (Buffer.isBuffer(body)) return reply.send(verdictByFile(await verification.byFile(body, caller.name), t))
      if (!fits<VerifyBody>(Verify, body) || (body.name_end === undefined && body.sha256 === undefined)) {
        throw new AppError('invalid', '验证码要和姓名的最后一个字或者文件的摘要一起核验', { code: 'invalid-request', fields: { name_end: '缺少这一项' } })
      }
      const held = body.sha256 === undefined ? undefined : await findBySha(db, body.sha256.toLowerCase())
      return reply.send(verdictByCode(await verification.byCode(body.code, `client ${caller.id}`, caller.name), body, { held, t }))
    })

    app.get<{ Querystring: Static<typeof Page> }>('/documents', calls.list, async (request, reply) => {
      const limit = Number(request.query.limit ?? 20)
      const rows = await listAsked(db, request.caller.id, { before: request.query.before, limit: limit + 1 })
      const shown = rows.slice(0, limit)
      return reply.send({ documents: shown.map(each => stateOf(each, publicUrl, request.t)), next: rows.length > limit ? shown.at(-1)?.document.id ?? null : null })
    })

    app.post<{ Body: IssueBody; Headers: { 'idempotency-key': string } }>('/documents', calls.issue, async (request, reply) => {
      const { caller, body, headers } = request
      const { document_id, isNew } = await once(() => database.write(tx => verbs.issue(tx, caller, headers['idempotency-key'], body)))
      return state(request, reply.header('location', `/api/v1/documents/${document_id}`), await getAsked(db, caller.id, document_id), isNew ? 201 : 200)
    })

    app.get<OfId>('/documents/:id', calls.look, async (request, reply) => state(request, reply, await getAsked(db, request.caller.id, request.params.id)))

    app.get<OfId>('/documents/:id/file', calls.file, async (request, reply) => {
      const { document, sha256 } = await issued(request)
      return reply.type('application/pdf').headers({ etag: `"${sha256}"`, 'content-disposition': `attachment; filename="document.pdf"; filename*=UTF-8''${encodeURIComponent(fileName(document))}` }).send(await files.open(sha256))
    })

    app.get<OfId>('/documents/:id/credential', calls.credential, async (request, reply) => reply.type('application/vc+jwt').send(await credentials.jwtOf((await issued(request)).document)))

    app.post<OfId & { Body: { reason: string } }>('/documents/:id/revocation', calls.revoke, async (request, reply) => {
      const { caller, params: { id }, body } = request
      await database.write(tx => verbs.revoke(tx, caller, id, body.reason))
      return state(request, reply, await getAsked(db, caller.id, id))
    })
  }
}

/** Two calls with one key at once: the later one finds what the other has made. */
async function once<R>(write: () => Promise<R>): Promise<R> {
  try {
    return await write()
  } catch (error) {
    if (!isDuplicate(error)) throw error
    return write()
  }
}
