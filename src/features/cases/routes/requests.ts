import { AppError } from '../../../platform/errors.ts'

/** One text of a body; '' where there is none or several. */
export function fieldIn(body: unknown, name: string): string {
  const value: unknown = typeof body === 'object' && body !== null ? new Map(Object.entries(body)).get(name) : undefined
  return typeof value === 'string' ? value : ''
}

/** All texts of a body or an address under one name, each once. */
export function fieldsIn(body: unknown, name: string): string[] {
  const value: unknown = typeof body === 'object' && body !== null ? new Map(Object.entries(body)).get(name) : undefined
  return [...new Set([value].flat().filter(one => typeof one === 'string' && one !== ''))].map(String)
}

/** What a verb refuses is a sentence at its page; anything else is not for it. */
export function refusalIn(error: unknown): AppError {
  if (error instanceof AppError && (error.kind === 'invalid' || error.kind === 'conflict')) return error
  throw error
}
