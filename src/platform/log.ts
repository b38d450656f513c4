import { type Logger, pino } from 'pino'

export type Log = Logger

/** Structured logs. Addresses lose codes and tokens; bodies, cookies and names are never given to it. */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    redact: { paths: ['req.headers', '*.password', '*.secret', '*.access_token'], remove: true },
    serializers: { err: pino.stdSerializers.err },
  }
  return destination ? pino(options, destination) : pino(options)
}

// What stands after these in an address opens something, or names somebody.
const SECRET_PATHS = /^\/(verify)\/[^/?]+/

/** The address as it may stand in a log: no query, and no verification code. */
export function loggable(url: string): string {
  const path = url.split('?', 1)[0] ?? '/'
  return path.replace(SECRET_PATHS, '/$1/…')
}
