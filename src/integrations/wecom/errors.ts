import { AppError } from '../../platform/errors.ts'
import { advice, type Known, known } from './error-table.ts'

/** errcode → what it means, what to do, and whether trying again makes sense. Unlisted codes are outcomes that a program has to look into (90313). */
export function explain(errcode: number): Known {
  return known.get(errcode) ?? { kind: 'invalid', meaning: '企业微信拒绝了请求', todo: advice.program }
}

/** An answer with an errcode as an error: `code` is `wecom:<errcode>`, the message the meaning in Chinese. */
export function refusal(errcode: number, errmsg: string, retryAfter?: number): AppError {
  const { kind, meaning } = explain(errcode)
  return new AppError(kind, meaning, {
    code: `wecom:${errcode}`, params: { errcode }, cause: new Error(errmsg), ...(retryAfter === undefined ? {} : { retryAfter }),
  })
}

/** The errcode of an error that came from WeCom's answer; null for accidents on the way and for other errors. */
export function errcodeOf(error: unknown): number | null {
  const found = error instanceof AppError ? /^wecom:(-?\d+)$/.exec(error.code ?? '') : null
  return found ? Number(found[1]) : null
}

/**
 * Did the request surely have no effect? Answers with an errcode say so, and so does a connection or a token that never was.
 * Not -1 ("system busy"), a time limit, a lost connection or a gateway's page: there the work may have been done.
 */
export function hadNoEffect(error: unknown): boolean {
  const errcode = errcodeOf(error)
  if (errcode !== null) return errcode !== -1
  return error instanceof AppError && ['wecom:unreachable', 'wecom:no-token', 'wecom:no-contacts-secret'].includes(error.code ?? '')
}

/** What a reader is told to do about an error of this client. */
export function adviceFor(code: string | null): string {
  const errcode = /^wecom:(-?\d+)$/.exec(code ?? '')
  return errcode ? explain(Number(errcode[1])).todo : advice.way
}
