import { defineMachine } from '../../../../platform/machine.ts'
import { gradesAdopted, gradesFetched, gradesLeft, gradesNotFetched, gradesOffered } from './events.ts'
import type { RunCounts } from './tables.ts'

export const gradeRunMachine = defineMachine({
  name: 'documents.grade-run', table: 'documents_grade_runs',
  edges: {
    finish: { from: ['reading', 'writing'], to: 'done', emits: gradesFetched },
    offer: { from: ['reading'], to: 'offered', emits: gradesOffered },
    adopt: { from: ['offered'], to: 'writing', emits: gradesAdopted },
    leave: { from: ['offered'], to: 'left', emits: gradesLeft },
    fail: { from: ['reading', 'writing'], to: 'failed', emits: gradesNotFetched },
  },
  sentences: { offered: '这次同步在等人核对', writing: '这次读到的不同正在写入', done: '这次同步已经完成', failed: '这次同步没有成功', left: '这次读到的不同没有写入，不能再写。需要时请再同步一次' },
})

export const NOTHING: RunCounts = { rows: 0, created: 0, changed: 0, unchanged: 0, removed: 0, strangers: 0, wrong: 0, left: 0 }
/** of what is wrong in the rows, and of what differs, what is kept to be shown */
export const LINES_KEPT = 200
export const BUSY = '正在同步，请等它做完'
/** runs that are kept */
export const RUNS_KEPT = 100
/** ms after which a run that never ended stands in nobody's way */
export const FORSAKEN = 12 * 3_600_000
