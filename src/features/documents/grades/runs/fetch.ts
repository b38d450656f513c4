import type { Feed, Sources } from '../../../../integrations/sources/index.ts'
import { schoolTime } from '../../../../platform/dates.ts'
import type { Database, Db, Tx } from '../../../../platform/db.ts'
import type { Running } from '../../../../platform/jobs.ts'
import type { GradeRow } from '../columns.ts'
import { writeGrades } from '../write.ts'
import { feedColumns } from './columns.ts'
import { dropProposals, proposeGrades } from './proposals.ts'
import { LINES_KEPT, NOTHING } from './rules.ts'
import { type GradeRun, keepProgress } from './store.ts'
import { type Portion, type Student, studentsIn } from './students.ts'

export type FetchDeps = { database: Database; sources: Sources; feed: Feed; /** what differs is kept and not written */ review: boolean; knownNumbers(db: Db, numbers: readonly string[]): Promise<ReadonlySet<string>> }

/**
 * Reads the whole source, student by student, and writes what differs. Who has a row that is wrong stays as they were: a transcript with a hole is worse than
 * one that is a day late. Who is not in the source at all stays too. The same again changes nothing, so a run that was broken off begins anew.
 */
export async function readGrades({ database: { db, write }, sources, feed, review, knownNumbers }: FetchDeps, run: GradeRun, running: Running): Promise<GradeRun> {
  const { created, changed, removed } = review ? NOTHING : run.counts
  let told: GradeRun = { ...run, counts: { ...NOTHING, created, changed, removed }, errors: [], why: null, differences: [] }
  if (review) await write(tx => dropProposals(tx, run.id))
  for await (const portion of studentsIn(sources.feedLines(feed, feedColumns(sources.cells), { together: 'number', signal: running.signal }))) {
    const known = await knownNumbers(db, portion.students.map(({ number }) => number))
    told = await write(async tx => {
      await running.hold(tx)
      const next = await writePortion(tx, told, portion, { known, review })
      await keepProgress(tx, next)
      return next
    })
  }
  return told
}

async function writePortion(tx: Tx, told: GradeRun, { students, rows, faults, present, as_of }: Portion, { known, review }: { known: ReadonlySet<string>; review: boolean }): Promise<GradeRun> {
  const ours = students.filter(({ number }) => known.has(number))
  const wrong = [...faults, ...ours.flatMap(student => student.faults)]
  const data_on = as_of ?? schoolTime(told.began_at).date
  const counts = { ...told.counts }
  const differences = [...told.differences]
  counts.rows += rows
  counts.wrong += wrong.length
  counts.left += ours.filter(student => student.faults.length > 0).length
  counts.strangers += students.filter(({ number }) => !known.has(number)).reduce((sum, student) => sum + student.rows.length, 0)
  for (const [day, grades] of byDay(ours.filter(student => student.faults.length === 0), data_on)) {
    const { counts: done, differences: found } = review
      ? await proposeGrades(tx, grades, { run_id: told.id, present, data_on: day })
      : { counts: await writeGrades(tx, grades, { present, data_on: day, whole: true }), differences: [] }
    for (const key of ['created', 'changed', 'unchanged', 'removed'] as const) counts[key] += done[key]
    differences.push(...found)
  }
  return { ...told, data_on, counts, errors: [...told.errors, ...wrong].slice(0, LINES_KEPT), differences: differences.slice(0, LINES_KEPT) }
}

function byDay(students: readonly Student[], usual: string): Map<string, GradeRow[]> {
  const days = new Map<string, GradeRow[]>()
  for (const { rows, data_on } of students) days.set(data_on ?? usual, [...days.get(data_on ?? usual) ?? [], ...rows])
  return days
}
