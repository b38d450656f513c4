import { defineMachine } from '../../../platform/machine.ts'
import { correctionKept, correctionMended, correctionWithdrawn } from './events.ts'

export const correctionMachine = defineMachine({
  name: 'documents.correction', table: 'documents_corrections',
  edges: {
    mend: { from: ['open'], to: 'mended', emits: correctionMended },
    keep: { from: ['open'], to: 'kept', emits: correctionKept },
    withdraw: { from: ['open'], to: 'withdrawn', emits: correctionWithdrawn },
  },
  sentences: { mended: '这处错误已经更正', kept: '这处已经核对无误', withdrawn: '本人已经撤回' },
})

export const OUTCOMES = ['mend', 'keep'] as const
export type Outcome = (typeof OUTCOMES)[number]

export const LONGEST = 500
/** Open ones of a number at a time: enough for a whole page gone wrong, too few to pester the registrar. */
export const MOST_OPEN = 20
/** Said at the field, also beside another fault. */
export const UNSAID = '请写明哪里不对，应该是什么'
