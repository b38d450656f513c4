import { type Expression, type ExpressionBuilder, sql, type SqlBool } from 'kysely'
import type { Tables } from '../../tables.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { prepared, type Value } from '../../platform/prepared.ts'
import type { Ending } from './rules/state.ts'
import type { TasksTable } from './tables.ts'

/** A task with what a list or a page says about it. */
export type TaskView = TasksTable & {
  ending: Ending | null
  title: string
  url: string
  kind: string
  subject: string
  instance_status: Tables['approvals_instances']['status']
  applicant_id: string
  applicant_number: string | null
  applicant_name: string
  instance_started_at: number
  suspended: boolean
  /** by when its step's time, or what the owner promised, is up, whichever is first; null: neither has a limit */
  due_at: number | null
}

/** What a list of tasks or copies may be narrowed to; `from` and `to` (epoch ms, `to` left out) are of the time the list is in order of. */
export type Narrowing = {
  topic?: string | undefined
  /** beginning of the owner's reference or the applicant's number, part of the title or the applicant's name */
  q?: string | undefined
  from?: number | undefined
  to?: number | undefined
  /** how the whole stands */
  status?: Tables['approvals_instances']['status'] | undefined
  /** open tasks whose time was up at this instant (epoch ms) */
  late_at?: number | undefined
}

type Page<Cursor> = { before?: Cursor | undefined; limit: number }

/** 待办, newest first. `before`: id of the last task seen. */
export async function openTasksOf(db: Db, person_id: string, { before, limit, ...narrowing }: Page<string> & Narrowing): Promise<TaskView[]> {
  const rows = await open(db).where('task.person_id', '=', person_id).where(within('task.created_at', narrowing)).where(late(narrowing))
    .$if(before !== undefined, query => query.where('task.id', '<', before ?? '')).limit(limit).execute()
  return rows.map(view)
}

const SHOWN = 3

/** 待办 for the first page: how many, and the newest three; in one query for who has no more. */
export async function todoOf(db: Db, person_id: string): Promise<{ count: number; tasks: TaskView[] }> {
  const rows = await newest(db, { person_id })
  const count = rows.length > SHOWN ? await openCountOf(db, person_id) : rows.length
  return { count, tasks: rows.slice(0, SHOWN).map(view) }
}

const newest = prepared((db: Db, value: Value<{ person_id: string }>) => open(db).where('task.person_id', '=', value('person_id')).limit(SHOWN + 1))

/** 已办: what the person decided, the latest first. `before`: end and id of the last task seen. */
export async function doneTasksOf(db: Db, person_id: string, { before, limit, ...narrowing }: Page<{ ended_at: number; id: string }> & Narrowing): Promise<TaskView[]> {
  const rows = await tasks(db).where('task.person_id', '=', person_id).where('task.status', '=', 'done').where(within('task.ended_at', narrowing))
    .$if(before !== undefined, query => query.where(after(before ?? { ended_at: 0, id: '' })))
    .orderBy('task.ended_at', 'desc').orderBy('task.id', 'desc').limit(limit).execute()
  return rows.map(view)
}

// Spelled out: a row value comparison is not read as a range of the index by MariaDB.
function after({ ended_at, id }: { ended_at: number; id: string }) {
  return (where: ExpressionBuilder<Tables & { task: TasksTable }, 'task'>) => where.and([
    where('task.ended_at', '<=', ended_at),
    where.or([where('task.ended_at', '<', ended_at), where('task.id', '<', id)]),
  ])
}

/** Everything of a narrowing but the limit of time, for what joins the instance as `instance`; true where nothing is asked. */
export function within(at: string, { topic, q, from, to, status }: Narrowing): Expression<SqlBool> {
  const wanted = [
    ...topic === undefined ? [] : [sql`instance.topic = ${topic}`], ...status === undefined ? [] : [sql`instance.status = ${status}`],
    ...from === undefined ? [] : [sql`${sql.ref(at)} >= ${from}`], ...to === undefined ? [] : [sql`${sql.ref(at)} < ${to}`],
    ...q === undefined ? [] : [sql`(${like('reference', begins(q))} or ${like('applicant_number', begins(q))} or ${like('title', holds(q))} or ${like('applicant_name', holds(q))})`],
  ]
  return wanted.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join(wanted, sql` and `)}`
}

function late({ late_at }: Narrowing): Expression<SqlBool> {
  return late_at === undefined ? sql<SqlBool>`1 = 1` : sql<SqlBool>`(task.due_at < ${late_at} or instance.due_at < ${late_at})`
}

const like = (column: string, pattern: string) => sql`${sql.ref(`instance.${column}`)} like ${pattern} escape '!'`
const escaped = (q: string) => q.replace(/[!%_]/g, found => `!${found}`)
const begins = (q: string) => `${escaped(q)}%`
const holds = (q: string) => `%${escaped(q)}%`

export async function taskById(db: Db, task_id: string): Promise<TaskView | null> {
  const [row] = await byId(db, { task_id })
  return row ? view(row) : null
}

const byId = prepared((db: Db, value: Value<{ task_id: string }>) => tasks(db).where('task.id', '=', value('task_id')))

function view<Row extends TasksTable & { suspended_at: number | null; instance_due_at: number | null }>(row: Row): Row & Pick<TaskView, 'ending' | 'suspended' | 'due_at'> {
  const { ended_at: at, ended_by: by, ended_by_name: by_name, ended_as: as } = row
  const due = [row.due_at, row.instance_due_at].filter(each => each !== null)
  return { ...row, due_at: due.length > 0 ? Math.min(...due) : null, suspended: row.suspended_at !== null, ending: at === null || as === null ? null : { at, by, by_name, as } }
}

/** Counting stops here; a page says 999+. */
export const MOST_COUNTED = 1000

/** How many tasks are 待办 and 已办, each at most MOST_COUNTED; read from the index alone. */
export async function countsOf(db: Db, person_id: string): Promise<{ open: number; done: number }> {
  return { open: await openCountOf(db, person_id), done: await countOf(db, person_id, 'done') }
}

/** 待办 alone: every page says this number. */
export async function openCountOf(db: Db, person_id: string): Promise<number> {
  return await countOf(db, person_id, 'open')
}

async function countOf(db: Db, person_id: string, status: 'open' | 'done'): Promise<number> {
  const [row] = await counted(db, { person_id, status })
  return Number(row?.number)
}

const counted = prepared((db: Db, value: Value<{ person_id: string; status: 'open' | 'done' }>) => {
  const some = db.selectFrom('approvals_tasks').select('id').where('person_id', '=', value('person_id')).where('status', '=', value('status')).limit(MOST_COUNTED)
  return db.selectFrom(some.as('some')).select(sql<number | string>`count(*)`.as('number'))
})

function open(db: Db) {
  // Without an end: always so for an open task; said because it leaves the id as the order of the index.
  return tasks(db).where('task.status', '=', 'open').where('task.ended_at', 'is', null).orderBy('task.id', 'desc')
}

function tasks(db: Db) {
  return db.selectFrom('approvals_tasks as task')
    .innerJoin('approvals_instances as instance', 'instance.id', 'task.instance_id')
    .selectAll('task')
    .select(['instance.title', 'instance.url', 'instance.kind', 'instance.subject', 'instance.status as instance_status',
      'instance.applicant_id', 'instance.applicant_number', 'instance.applicant_name', 'instance.started_at as instance_started_at', 'instance.suspended_at', 'instance.due_at as instance_due_at'])
}

export async function setDraft(tx: Tx, task_id: string, draft: string): Promise<void> {
  await tx.updateTable('approvals_tasks').set({ draft }).where('id', '=', task_id).execute()
}
