import { defineMachine } from '../../../../platform/machine.ts'
import { gradesFetched, gradesNotFetched } from './events.ts'
import type { RunCounts } from './tables.ts'

export const gradeRunMachine = defineMachine({
  name: 'documents.grade-run', table: 'documents_grade_runs',
  edges: {
    finish: { from: ['reading'], to: 'done', emits: gradesFetched },
    fail: { from: ['reading'], to: 'failed', emits: gradesNotFetched },
  },
  sentences: { done: '这次同步已经完成', failed: '这次同步没有成功' },
})

export const NOTHING: RunCounts = { rows: 0, created: 0, changed: 0, unchanged: 0, removed: 0, strangers: 0, wrong: 0, left: 0 }
/** of what is wrong in the rows, what is kept to be shown */
export const ERRORS_KEPT = 200
/** runs that are kept */
export const RUNS_KEPT = 100
/** ms after which a run that never ended stands in nobody's way */
export const FORSAKEN = 12 * 3_600_000
