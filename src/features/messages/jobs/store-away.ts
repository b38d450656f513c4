import { AppError } from '../../../platform/errors.ts'
import type { Outcome } from '../../../platform/jobs.ts'

/** ms until a message is looked at again whose file cannot be fetched */
const AGAIN = 60_000

/** The place of the files is away, and not the file: nothing went out, and the message waits as long as it takes. */
export function whileStoreAway(error: unknown): Outcome {
  if (error instanceof AppError && error.code?.startsWith('files:')) return { later: AGAIN }
  throw error
}
