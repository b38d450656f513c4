import { type Logger, pino } from 'pino'

export type Log = Logger

/** Structured logs. Addresses lose codes and tokens; bodies, cookies and names are never given to it. */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    redact: { paths: ['req.headers', '*.password', '*.secret', '*.access_token'], remove: true },
    serializers: { err: plainError },
  }
  return destination ? pino(options, destination) : pino(options)
}

type PlainError = { type: string; message: string; code?: string | number; stack?: string; cause?: PlainError }

/**
 * What a log may keep of an error. Libraries hang the whole statement, the request or the mail on theirs, and a database quotes
 * the value it refused: names and numbers of people, who are none of a log's business.
 */
export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { type: typeof error, message: '' }
  const { name: type, cause } = error
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? { code: error.code } : {}
  const stack = error.stack && withoutValues(error.stack)
  return { type, message: withoutValues(error.message), ...code, ...(stack && { stack }), ...(cause instanceof Error && { cause: plainError(cause) }) }
}

const QUOTED_BY_DATABASE = /(Duplicate entry|Incorrect \w+ value:|Truncated incorrect \w+ value:|near) '[^]*?'(?= for | at |\n|$)/g
const MAIL_ADDRESS = /[^\s<>"'@]+@[^\s<>"'@]+\.[^\s<>"'@]+/g

function withoutValues(text: string): string {
  return text.replace(QUOTED_BY_DATABASE, "$1 '…'").replace(MAIL_ADDRESS, '…@…')
}

// What stands after these in an address opens something, or names somebody.
const SECRET_PATHS = /^\/(verify)\/[^/?]+/

/** The address as it may stand in a log: no query, and no verification code. */
export function loggable(url: string): string {
  const path = url.split('?', 1)[0] ?? '/'
  return path.replace(SECRET_PATHS, '/$1/…')
}
