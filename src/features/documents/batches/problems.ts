import type { AppError } from '../../../platform/errors.ts'
import type { T } from '../../../platform/text.ts'
import { type Trouble, troubleSentence } from '../trouble.ts'

/** Why somebody gets no paper of a batch: what the paper lacks, or a phrase with its params. */
export type Problem = Trouble | { why: 'said'; phrase: string; params?: Record<string, string | number> | undefined }

export function said(phrase: string, params?: Record<string, string | number>): Problem {
  return { why: 'said', phrase, params }
}

export function saidBy({ message, params }: AppError): Problem {
  return said(message, params)
}

export const UNKNOWN_NUMBER = said('名单里没有这个学号')
export const NOT_DRAWN = said('服务器几次都没有做成，可以重试')

export function problemSentence(kept: string | null, t: T): string {
  if (kept === null) return ''
  const problem: Problem = JSON.parse(kept)
  return problem.why === 'said' ? t(problem.phrase, problem.params) : troubleSentence(problem, t)
}
