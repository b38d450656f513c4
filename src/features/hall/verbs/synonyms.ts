import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { synonymsChanged } from '../events.ts'
import { readSynonyms } from '../rules/synonyms.ts'
import { keepSynonyms, raiseRevision } from '../store/board.ts'

export const synonymVerbs = {
  /** Replaces the words that were added to a service's own (`known`). Throws `invalid` with the field. */
  async setSynonyms(tx: Tx, actor: Actor, { key, known, typed }: { key: string; known: readonly string[]; typed: string }): Promise<void> {
    const { words, faults } = readSynonyms(typed, known)
    if (Object.keys(faults).length > 0) throw new AppError('invalid', '还有内容没有填好', { fields: faults })
    await raiseRevision(tx)
    await keepSynonyms(tx, key, words)
    await emit(tx, synonymsChanged, {}, { subject: key, actor })
  },
}
