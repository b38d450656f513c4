import { AppError } from '../../platform/errors.ts'

/**
 * Why nothing can be put or taken out. `away`: no answer, or none that is of use; `refused`: the key, the signature or a right;
 * `missing`: there is no such bucket; `full`; `clock`: ours and theirs are too far apart. `answer`: what was said, for who mends it.
 */
export type Fault = { why: 'away' | 'refused' | 'missing' | 'full' | 'clock'; answer: string }

const WHY: readonly Fault['why'][] = ['away', 'refused', 'missing', 'full', 'clock']

/** `upstream` with the code `files:away`, `files:full` and so on. */
export function failure({ why, answer }: Fault, cause?: unknown): AppError {
  return new AppError('upstream', '现在取不到这个文件，它没有丢。请过几分钟再试', { code: `files:${why}`, params: { answer }, cause })
}

/** Throws that a file could not be kept. */
export function notStored(cause: unknown): never {
  throw new AppError('upstream', '文件没有存下', { code: 'file-not-stored', cause })
}

/** What `failure` was made of; anything else is a bug. */
export function faultIn(error: unknown): Fault {
  const why = error instanceof AppError ? WHY.find(each => error.code === `files:${each}`) : undefined
  if (why === undefined) throw error
  return { why, answer: error instanceof AppError ? String(error.params?.['answer'] ?? '') : '' }
}
