import type { FastifyReply } from 'fastify'
import { AppError } from '../../../platform/errors.ts'

/** A route about one application. */
export type ById = { Params: { id: string } }

/** What a body has, by name; nothing where it is none. */
export function namedIn(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? { ...body } : {}
}

/** One text of a body; '' where there is none or several. */
export function fieldIn(body: unknown, name: string): string {
  const value = namedIn(body)[name]
  return typeof value === 'string' ? value : ''
}

/** Lists come in pages of this many. */
export const PAGE = 20

/** A keyset cursor in the address: `<epoch ms>.<id>`. Undefined for none, and for what is none: the list begins anew. */
export function readCursor(text: string | undefined): { at: number; id: string } | undefined {
  const found = /^(\d{1,15})\.([0-9A-Z]{26})$/.exec(text ?? '')
  return found?.[1] && found[2] ? { at: Number(found[1]), id: found[2] } : undefined
}

export function cursorText(at: number | null, id: string): string {
  return `${at ?? 0}.${id}`
}

/** All texts of a body under one name, each once. */
export function fieldsIn(body: unknown, name: string): string[] {
  const value = namedIn(body)[name]
  return [...new Set([value].flat().filter(one => typeof one === 'string' && one !== ''))].map(String)
}

/** What keeps `work` from being done and its reader can mend on the same page (`also` a state that has changed), whose answer then says so; null when it is done. Throws everything else. */
export async function refusalOf(reply: FastifyReply, work: Promise<unknown>, also?: 'conflict'): Promise<AppError | null> {
  try {
    await work
    return null
  } catch (error) {
    if (!(error instanceof AppError) || (error.kind !== 'invalid' && error.kind !== also)) throw error
    reply.code(error.kind === 'invalid' ? 422 : 409)
    return error
  }
}
