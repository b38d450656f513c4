import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'

/** A route about one thing. */
export type ById = { Params: { id: string } }

/** One text of a form; '' for what did not come or came twice. */
export function textIn(body: unknown, name: string): string {
  const value: unknown = typeof body === 'object' && body !== null ? new Map(Object.entries(body)).get(name) : undefined
  return typeof value === 'string' ? value.replaceAll('\0', '') : ''
}

/** The id that came with a new form. */
export function newIdIn(body: unknown): string {
  const id = textIn(body, 'id')
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)) throw new AppError('invalid', '提交的内容不完整或格式不对，请返回检查')
  return id
}

/** A page of ours to go back to; anything else is the first page. */
export function backIn(body: unknown): string {
  const from = textIn(body, 'from')
  return /^\/(?![/\\])[^\s\\]{0,300}$/.test(from) ? from : '/'
}

/** -1 further up, 1 further down. */
export function stepIn(body: unknown): -1 | 1 {
  return textIn(body, 'by') === 'up' ? -1 : 1
}

/** What is wrong with a form, by field; everything else is thrown on. */
export function faultsOf(error: unknown): Record<string, string> {
  if (!(error instanceof AppError) || error.kind !== 'invalid' || !error.fields) throw error
  return error.fields
}

export function done(request: FastifyRequest, reply: FastifyReply, sentence: string, path: string): FastifyReply {
  request.session.flash = { meaning: 'done', text: request.t(sentence) }
  return reply.redirect(path, 303)
}
