import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isAway, isFull } from '../../platform/db.ts'
import { AppError, type ErrorKind } from '../../platform/errors.ts'
import { can } from '../../platform/rights.ts'

const STATUS: Record<ErrorKind, number> = { invalid: 422, forbidden: 403, 'not-found': 404, conflict: 409, upstream: 503 }

const TITLES: Record<number, string> = {
  400: '请求有误', 403: '不能查看或操作', 404: '没有找到', 405: '不能这样打开', 409: '情况已经变了', 413: '内容太大', 415: '格式不支持', 422: '内容有误',
  429: '操作太频繁', 500: '系统出错了', 503: '暂时不可用',
}

const SENTENCES: Record<string, string> = {
  FST_CSRF_INVALID_TOKEN: '页面打开得太久了。请返回、刷新页面后再提交',
  FST_CSRF_MISSING_SECRET: '页面打开得太久了。请返回、刷新页面后再提交',
  FST_METHOD_NOT_ALLOWED: '这个地址要从页面上的按钮或链接进入，不能直接打开。请回到首页，从那里继续',
  FST_REQ_FILE_TOO_LARGE: '文件太大',
  FST_ERR_CTP_BODY_TOO_LARGE: '提交的内容太大',
  FST_FILES_LIMIT: '一次上传的文件太多，请分几次上传',
}

/**
 * Turns what was thrown into a page for people or problem+json for programs; the only place that does.
 * Set again on a scope, an answer that cannot be sent there (its session cannot be kept) comes back to the handler above it.
 */
export function setErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => answer(error, request, reply))
}

// Requests whose first answer has been tried.
const answered = new WeakSet<FastifyRequest>()

function answer(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> {
  if (answered.has(request)) return lastWords(error, request, reply)
  answered.add(request)
  const status = statusOf(error)
  if (status >= 500) request.log.error({ err: error }, 'request failed')
  const sentence = sentenceOf(error, status)
  const problem = { status, title: request.t(titleOf(error, status)), sentence: request.t(sentence.text, sentence.params), request_id: request.id }
  reply.code(status)
  if (status === 429 && !reply.hasHeader('retry-after')) reply.header('retry-after', '60')
  if (!wantsPage(request)) {
    const { title, sentence: detail } = problem
    return reply.type('application/problem+json').send({ type: 'about:blank', title, status, detail, request_id: request.id })
  }
  const next = status === 429 || status >= 500 ? again(request) : undefined
  // What does not work must not be asked for what every page shows.
  const model = { ...problem, ...(next && { next }), ...(status >= 500 && { counts: { todo: 0 } }) }
  return inConsole(request) ? reply.console('problem', { next: { label: request.t('回到总览'), href: '/admin' }, ...model, heading: false }) : reply.page('problem', model)
}

/** Who works in the console stays there. */
function inConsole({ url, visitor }: FastifyRequest): boolean {
  return /^\/admin[/?]/.test(url) && can(visitor, 'console.open')
}

/** What has only been looked at may be asked for again. Two slashes would lead to another host. */
function again({ method, url, t }: FastifyRequest): { label: string; href: string } | undefined {
  return method === 'GET' ? { label: t('再试一次'), href: url.replace(/^[/\\]+/, '/') } : undefined
}

function titleOf(error: unknown, status: number): string {
  if (isFastifyError(error) && error.code.startsWith('FST_CSRF')) return '页面已过期'
  return TITLES[status] ?? '请求有误'
}

/** The page itself cannot be sent: past every hook, because one of them failed, and without the words of whatever failed. */
function lastWords(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.log.error({ err: error }, 'the answer could not be sent')
  const status = isAway(error) || isFull(error) ? 503 : 500
  const { text } = sentenceOf(error, status)
  reply.hijack().raw.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'x-request-id': request.id,
  }).end(`${request.t(text)}\n${request.id}\n`)
  return reply
}

function statusOf(error: unknown): number {
  if (error instanceof AppError) return STATUS[error.kind]
  if (isAway(error) || isFull(error)) return 503
  return isFastifyError(error) && error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500
}

function sentenceOf(error: unknown, status: number): { text: string; params?: Record<string, string | number> } {
  if (error instanceof AppError) return { text: error.message, ...(error.params && { params: error.params }) }
  const known = isFastifyError(error) ? SENTENCES[error.code] : undefined
  if (known) return { text: known }
  if (status === 429) return { text: '请过一分钟再试，内容没有丢' }
  if (status === 413) return { text: '提交的内容太大' }
  if (isFull(error)) return { text: '服务器的磁盘满了，刚才提交的内容没有保存，以前的都还在。请告诉管理员，过一会儿再提交一次' }
  if (status === 503) return { text: '系统暂时连不上数据库。请过一会儿刷新；刚才提交的内容如果没有出现，请再提交一次' }
  return { text: status >= 500 ? '这次操作没有完成。请稍后再试；如果还不行，请把下面的编号告诉管理员' : '提交的内容不完整或格式不对，请返回检查' }
}

/** Of the server itself: an error of some library may carry a status that is not ours to repeat. */
function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_')
}

function wantsPage(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/html')
}
