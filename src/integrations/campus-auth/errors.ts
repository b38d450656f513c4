import { AppError } from '../../platform/errors.ts'

/** Nobody answered, or not in time, or not what the protocol says. The cause is for the log; it must name no person. */
export function silent(cause: unknown): AppError {
  return new AppError('upstream', '学校的统一身份认证暂时没有回应。请过一会儿再试', { code: 'campus:silent', cause })
}

/** A ticket, code, state or nonce that is wrong, too old, used, or somebody else's. */
export function refused(cause?: unknown): AppError {
  return new AppError('invalid', '统一身份认证的登录凭证无效或已过期', { code: 'campus:refused', cause })
}

/** The account is right, but nothing of it says who that is in the roster. */
export function numberless(): AppError {
  return new AppError('not-found', '统一身份认证没有给出这个账号的学号或工号', { code: 'campus:no-number' })
}

/** Ends the work's waiting, whatever it waits for: an answer that comes byte by byte is no answer. */
export async function within<R>(ms: number, work: (signal: AbortSignal) => Promise<R>): Promise<R> {
  const limit = new AbortController()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const error = new Error(`no answer within ${ms} ms`)
    limit.abort(error)
    reject(error)
  }, ms)
  try {
    return await Promise.race([work(limit.signal), late])
  } finally {
    clearTimeout(timer)
  }
}
