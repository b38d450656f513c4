import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isAway, isFull } from '../../platform/db.ts'
import { AppError, type ErrorKind } from '../../platform/errors.ts'
import type { T } from '../../platform/text.ts'

export type Known = { status: number; title: string }

/** Stable codes with their status: what programs decide by. A feature's own are told apart by the kind of the error. */
export const PROBLEMS: Readonly<Record<string, Known>> = {
  'invalid-request': { status: 422, title: '内容有误' },
  'malformed-json': { status: 400, title: '请求有误' },
  unauthorized: { status: 401, title: '令牌无效' },
  'scope-missing': { status: 403, title: '没有这项权限' },
  forbidden: { status: 403, title: '不能查看或操作' },
  'not-found': { status: 404, title: '没有找到' },
  conflict: { status: 409, title: '情况已经变了' },
  'too-large': { status: 413, title: '内容太大' },
  'unsupported-type': { status: 415, title: '格式不支持' },
  'too-many-requests': { status: 429, title: '操作太频繁' },
  internal: { status: 500, title: '系统出错了' },
  unavailable: { status: 503, title: '暂时不可用' },
}

const KINDS: Record<ErrorKind, string> = { invalid: 'invalid-request', forbidden: 'forbidden', 'not-found': 'not-found', conflict: 'conflict', upstream: 'unavailable' }

const SENTENCES: Record<string, string> = {
  'malformed-json': '请求的内容不是 JSON', 'too-large': '提交的内容太大', 'unsupported-type': '不接受这种格式的内容，请看接口说明', 'invalid-request': '提交的内容不完整或格式不对，请返回检查',
  unavailable: '系统暂时连不上数据库，请稍后再试', internal: '这次操作没有完成。请稍后再试；如果还不行，请把编号告诉管理员',
}

/** What was thrown as problem+json (RFC 9457), in the language that was asked for; `code` stays the same for ever. */
export function problemHandler(publicUrl: string) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const code = codeOf(error)
    const { status, title } = PROBLEMS[code] ?? PROBLEMS[error instanceof AppError ? KINDS[error.kind] : 'internal'] ?? { status: 500, title: '系统出错了' }
    if (status >= 500) request.log.error({ err: error }, 'call failed')
    if (status === 401) reply.header('www-authenticate', 'Bearer realm="hall"')
    const { t } = request
    return reply.code(status).type('application/problem+json').send({
      type: `${publicUrl}/api/v1/docs#${code}`, title: t(title), status, code, detail: detailOf(error, code, t), request_id: request.id, ...faultsOf(error, t),
    })
  }
}

function codeOf(error: unknown): string {
  if (error instanceof AppError) return error.code?.replace(/^[a-z-]+:/, '') ?? KINDS[error.kind]
  if (isAway(error) || isFull(error)) return 'unavailable'
  return isFastifyError(error) ? codeOfStatus(error.statusCode ?? 500, error.code) : 'internal'
}

function codeOfStatus(status: number, code: string): string {
  if (MALFORMED.includes(code)) return 'malformed-json'
  if (status === 413) return 'too-large'
  if (status === 415) return 'unsupported-type'
  return status < 500 ? 'invalid-request' : 'internal'
}

const MALFORMED = ['FST_ERR_CTP_INVALID_JSON_BODY', 'FST_ERR_CTP_EMPTY_JSON_BODY', 'FST_ERR_CTP_INVALID_CONTENT_LENGTH']

function detailOf(error: unknown, code: string, t: T): string {
  if (error instanceof AppError) return t(error.message, error.params)
  return t(SENTENCES[code] ?? '这次操作没有完成。请稍后再试；如果还不行，请把编号告诉管理员')
}

/** Each fault with the place it is at (a JSON pointer). */
function faultsOf(error: unknown, t: T): { errors?: { pointer: string; detail: string }[] } {
  if (!(error instanceof AppError) || !error.fields) return {}
  return { errors: Object.entries(error.fields).map(([place, sentence]) => ({ pointer: place.startsWith('/') ? place : `/${place}`, detail: t(sentence, error.params) })) }
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_')
}
