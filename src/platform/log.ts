import { type Logger, pino } from 'pino'
import { AppError } from './errors.ts'

export type Log = Logger

/** Structured logs. Addresses lose codes and tokens; bodies, cookies and names are never given to it, and errors lose what they quote. */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    serializers: { err: loggableError },
    formatters: { log: withoutSecrets },
  }
  return destination ? pino(options, destination) : pino(options)
}

const SECRETS = new Set(['headers', 'password', 'secret', 'access_token'])

// Nobody should give such a thing to the log; should it happen, it still does not stand there.
function withoutSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  if (!Object.values(fields).some(isRecord)) return fields
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([inner]) => !SECRETS.has(inner))) : value]))
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Error)
}

// What stands after these in an address opens something, or names somebody. A router may read them in ways of its own: encoded, doubled.
const SECRET_PATHS = /^\/+(verify|share)\/+[^?]+/i

/** The address as it may stand in a log: no query, and no code or token. */
export function loggable(url: string): string {
  return plainPath(url.split('?', 1)[0] ?? '/').replace(SECRET_PATHS, '/$1/…')
}

function plainPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path.replace(/%/g, '%25')
  }
}

type LoggedError = { type: string; message: string; code?: string | number; stack?: string; cause?: LoggedError }

const DEEPEST = 4

/**
 * An error without what it quotes. Drivers put whole statements with their values into an error's properties and messages, parsers the
 * text they read, mail servers the address they refused; so only the name, a code, the cleaned message and the places in the code are kept.
 */
export function loggableError(error: unknown, depth = 1): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error' }
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : undefined
  const places = error.stack?.split('\n').filter(line => /^\s+at /.test(line)).join('\n')
  return {
    type: error.name, message: messageOf(error), ...(code !== undefined && { code }), ...(places && { stack: places }),
    ...(error.cause !== undefined && depth < DEEPEST && { cause: loggableError(error.cause, depth + 1) }),
  }
}

function messageOf(error: Error): string {
  // Our own sentences carry what they name in `params`, which are not logged.
  if (error instanceof AppError) return error.message
  // A database says which value was in its way.
  if ('sqlState' in error || 'sqlMessage' in error) return 'the database refused a statement'
  return error.message
    .replace(/"(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`|“[^”]*”/g, '…')
    .replace(/[^\s<>@]+@[^\s<>@]+/g, '…@…')
    .replace(/\p{Script=Han}+/gu, '…')
    .replace(/\b\d{6,}[\dXx]?\b/g, '…')
}
