/** What went wrong, as far as the reader is concerned; everything else is a bug. */
export type ErrorKind = 'invalid' | 'forbidden' | 'not-found' | 'conflict' | 'upstream'

type Details = {
  /** field name → sentence, for a form that comes back */
  fields?: Record<string, string>
  params?: Record<string, string | number>
  /** for programs and tables of known failures, as `wecom:81013` */
  code?: string
  /** milliseconds after which trying again makes sense */
  retryAfter?: number
  cause?: unknown
}

/** The one error class. `message` is a Chinese phrase, translated where it is shown. */
export class AppError extends Error {
  readonly kind: ErrorKind
  readonly fields: Record<string, string> | undefined
  readonly params: Record<string, string | number> | undefined
  readonly code: string | undefined
  readonly retryAfter: number | undefined

  constructor(kind: ErrorKind, message: string, details: Details = {}) {
    super(message, { cause: details.cause })
    this.name = 'AppError'
    this.kind = kind
    this.fields = details.fields
    this.params = details.params
    this.code = details.code
    this.retryAfter = details.retryAfter
  }
}

/** Is trying again of no use: an answer, not an accident? */
export function isOutcome(error: unknown): error is AppError {
  return error instanceof AppError && error.kind !== 'upstream'
}
